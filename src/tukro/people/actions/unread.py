"""How many notices a person has not read: counted by notices, kept here, where each visit reads it along."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tukro.people.models import User


def lock_unread(user_ids: Collection[int]) -> None:
    """Lock these people's counts until the transaction ends, in one order for all."""
    list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=user_ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def keep_unread(counts: Mapping[int, int]) -> None:
    """Keep the counts; those that are right already are not written."""
    for user_id, count in counts.items():
        User.objects.filter(pk=user_id).exclude(unread_notices=count).update(unread_notices=count)

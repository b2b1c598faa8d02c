"""What a person wants to be told, by which ways; and stopping a kind of mail with one click."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from tukro.kernel.errors import NotFound
from tukro.notices.models import Choice
from tukro.notices.rules.kinds import KINDS, Kind, Way, ways_of
from tukro.people.models import User

STOPPING = "notices.stop"  # the salt of addresses that stop mails


def choices_of(user_ids: Collection[int]) -> dict[int, dict[str, frozenset[Way]]]:
    """What each of these people chose: kind → ways. Who never chose is not there."""
    chosen: dict[int, dict[str, frozenset[Way]]] = {}
    for one in Choice.objects.filter(user_id__in=user_ids):
        chosen.setdefault(one.user_id, {})[one.kind] = frozenset(Way(way) for way in one.ways)
    return chosen


@transaction.atomic
def choose_ways(*, user: User, chosen: Mapping[str, Collection[Way]], now: datetime) -> None:
    """Keep by which ways the person is told of each kind; kinds that are not named stay as they are.

    Ways that cannot be turned off stay on. Refuses NotFound.
    """
    for kind, ways in chosen.items():
        if kind not in KINDS:
            raise NotFound(kind=kind)
        kept = sorted(frozenset(ways) | KINDS[kind].fixed)
        Choice.objects.update_or_create(user=user, kind=kind, defaults={"ways": kept, "changed_at": now})


def stop_address(user: User, kind: str) -> str:
    """The address that ends mails of this kind to this person; '' where they cannot be ended."""
    if Way.MAIL in KINDS[kind].fixed:
        return ""
    token = signing.Signer(salt=STOPPING).sign_object([user.pk, kind])
    return settings.SITE_URL.rstrip("/") + reverse("account:notices_stop", args=[token])


def stopped_by(token: str) -> tuple[User, Kind]:
    """Whose mails of which kind an address ends. Refuses NotFound. Such an address is never too old."""
    try:
        user_id, kind = signing.Signer(salt=STOPPING).unsign_object(token)
    except signing.BadSignature:
        raise NotFound(token=token[:80]) from None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or kind not in KINDS:
        raise NotFound(token=token[:80])
    return user, KINDS[kind]


def switch_mail(*, token: str, on: bool, now: datetime) -> None:
    """End mails of the kind that the address names, or begin them again. Refuses NotFound."""
    user, kind = stopped_by(token)
    now_on = ways_of(kind.code, choices_of([user.pk]).get(user.pk, {}))
    wanted = now_on | {Way.MAIL} if on else now_on - {Way.MAIL}
    choose_ways(user=user, chosen={kind.code: wanted}, now=now)

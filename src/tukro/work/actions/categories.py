"""The operator's word on kinds of work."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound
from tukro.work.models import Category, CategoryPolicy


@transaction.atomic
def change_category_policy(*, by: Actor, code: str, policy: CategoryPolicy, now: datetime) -> None:
    """Open a kind of work, have it looked at first, or refuse it. What is published already goes on.

    Nothing changed, nothing written. Refuses NotFound.
    """
    category = Category.objects.select_for_update().filter(code=code).first()
    if category is None:
        raise NotFound(category=code)
    if category.policy == policy:
        return
    facts = {"category": code, "from": category.policy, "to": str(policy)}
    category.policy = policy
    category.save(update_fields=["policy"])
    record(name="CategoryPolicyChanged", actor=by, subject="categories", at=now, facts=facts)

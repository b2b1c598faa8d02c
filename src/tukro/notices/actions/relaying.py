"""The operator's rules for messages between people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.notices.models import RelayPolicy
from tukro.notices.rules.relay import TREATMENTS, Treatment


class BadRelayPolicy(Refused):
    """``fields``: names of those at fault."""


def relay_policy() -> RelayPolicy:
    """The operator's rules for messages."""
    return RelayPolicy.objects.first() or RelayPolicy()


@transaction.atomic
def change_relay_policy(
    *,
    by: Actor,
    contacts: Treatment,
    links: Treatment,
    worker_per_day: int,
    requester_per_day: int,
    now: datetime,
) -> RelayPolicy:
    """Say what becomes of addresses and links, and how much one person may write. Refuses BadRelayPolicy."""
    RelayPolicy.objects.bulk_create([RelayPolicy()], ignore_conflicts=True)
    policy = RelayPolicy.objects.select_for_update().get()
    asked = {
        "contacts": contacts,
        "links": links,
        "worker_per_day": worker_per_day,
        "requester_per_day": requester_per_day,
    }
    wrong = [name for name in ("contacts", "links") if asked[name] not in TREATMENTS]
    wrong += [
        name for name in ("worker_per_day", "requester_per_day") if not 1 <= int(asked[name]) <= 100_000
    ]
    if wrong:
        raise BadRelayPolicy(fields=wrong)
    changed = {
        name: [getattr(policy, name), value]
        for name, value in asked.items()
        if getattr(policy, name) != value
    }
    if changed:
        for name, value in asked.items():
            setattr(policy, name, value)
        policy.save()
        record(name="RelayPolicyChanged", actor=by, subject="messages", at=now, facts=changed)
    return policy

"""Comparing requesters and their firms with lists of sanctioned people, before money comes in or goes back.

While a hit is undecided or confirmed, they pay nothing in and nothing goes back to them; money that comes
nevertheless is kept apart. Staff end it by deciding the hit, with a note (screening.decide_hit).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.apart import apart
from tukro.kernel.errors import Refused
from tukro.people.models import Requester, Worker
from tukro.people.queries import contact_of
from tukro.vetting.actions.sanctions import compare
from tukro.vetting.queries.sanctions import current_lists, stands_against

_PER_RUN = 200
_Person = TypeVar("_Person", Worker, Requester)


class PaymentsHeld(Refused):
    """The requester's name is like one on a list: staff decide before money moves."""


@transaction.atomic
def screen_requester(*, requester: Requester, now: datetime) -> int:
    """Compare a requester's names with all current lists; answers how many hits are new. Without lists, none.

    A hit stays when the verb that asked for it is refused: call this before its transaction. Writes
    RequesterHeld.
    """
    if not current_lists().exists():
        return 0
    lock_requester(requester)
    contact = contact_of(requester.user)
    names = [requester.name, *([contact.full_name] if contact else [])]
    hits = compare(requester, names, born=None, now=now)
    if hits:
        note = "; ".join(f"{hit.source}: {hit.listed} ({hit.likeness} %)" for hit in hits[:5])
        record(
            name="RequesterHeld",
            actor=HOUSE,
            subject=requester.public_id,
            at=now,
            facts={"requester": requester.public_id, "reason": note},
        )
    return len(hits)


def refuse_held(requester: Requester) -> None:
    """Refuse PaymentsHeld while a hit stands against them."""
    if stands_against(requester):
        raise PaymentsHeld()


def lock_requester(requester: Requester) -> None:
    """Comparing and deciding of one requester come one after the other."""
    Requester.objects.select_for_update(no_key=True).only("pk").get(pk=requester.pk)


def screen_due_requesters(now: datetime) -> int:
    """Compare those who were never compared, or gave a new name, or before the newest list; how many.

    One who cannot be compared is logged, comes again, and holds up nobody else.
    """
    newest = current_lists().aggregate(at=Max("taken_at"))["at"]
    if newest is None:
        return 0
    late = Requester.objects.filter(
        Q(screening=None) | Q(screening__at__lt=newest) | Q(screening__at__lt=F("user__contact__saved_at"))
    )
    return each_page(late.select_related("user"), partial(_compared, now=now))


def each_page(late: QuerySet[_Person], compared: Callable[[_Person], bool]) -> int:
    """Compare a page of them, each apart; answers how many were. A page of which nobody could be compared
    does not hide those behind it."""
    done = last = 0
    while not done and (page := list(late.filter(pk__gt=last).order_by("pk")[:_PER_RUN])):
        done = sum(apart(compared, one) for one in page)
        last = page[-1].pk
    return done


def _compared(requester: Requester, now: datetime) -> bool:
    screen_requester(requester=requester, now=now)
    return True

"""Reading deposits: a requester's list, the staff's queues, what providers are asked about next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from tukro.kernel.money import Money
from tukro.ledger.models import Account
from tukro.money.models import (
    Deposit,
    DepositState,
    Dispute,
    Refund,
    RefundState,
    UnmatchedMoney,
    UnmatchedState,
)
from tukro.people.models import Requester

# A refund whose answer was lost is the staff's to look at when the provider itself has had this long.
STAFF_LOOK_AFTER = timedelta(hours=1)


def debt_of(requester: Requester) -> Money:
    """What the requester owes because deposits were taken back after they were spent."""
    return owed_by(requester.public_id)


def owed_by(requester_id: str) -> Money:
    """The same by the requester's public id."""
    owed = Account.objects.filter(code="requester_debt", owner=requester_id)
    return Money(owed.aggregate(total=Sum("balance"))["total"] or 0)


def deposits_of(requester: Requester, *, before: int | None = None) -> QuerySet[Deposit]:
    """A requester's deposits, newest first; ``before`` is the last row's key of the page before."""
    found = Deposit.objects.filter(requester=requester).order_by("-id")
    return found.filter(id__lt=before) if before else found


def deposits_in(state: str, *, before: int | None = None) -> QuerySet[Deposit]:
    """Everybody's, in one state, newest first."""
    found = Deposit.objects.filter(state=state).select_related("requester__user").order_by("-id")
    return found.filter(id__lt=before) if before else found


def unmatched_money(state: str = UnmatchedState.OPEN) -> QuerySet[UnmatchedMoney]:
    """Money without an owner, the oldest first."""
    return UnmatchedMoney.objects.filter(state=state).select_related("deposit__requester").order_by("id")


def came_for(deposit: Deposit) -> QuerySet[UnmatchedMoney]:
    """What came for a deposit and did not fit it, newest first, whosever it proved to be."""
    came = UnmatchedMoney.objects.filter(deposit=deposit)
    return came.select_related("assigned__requester__user").order_by("-id")


def came_beside(deposit: Deposit) -> QuerySet[UnmatchedMoney]:
    """The same without what proved to be somebody else's."""
    return came_for(deposit).filter(Q(assigned=None) | Q(assigned__requester=deposit.requester_id))


def standings_of(deposits: Sequence[Deposit]) -> dict[int, str]:
    """How each stands, by its key: its own standing, or what came for it beside what was asked.

    ``looked_at``: it is kept apart for staff. ``came_otherwise``: it is in the requester's balance by itself.
    """
    found = {one.pk: one.standing for one in deposits}
    unpaid = [one.pk for one in deposits if one.settled_at is None]
    came = UnmatchedMoney.objects.filter(deposit__in=unpaid)
    theirs = came.filter(assigned__requester=F("deposit__requester")).values_list("deposit", flat=True)
    kept = came.filter(state=UnmatchedState.OPEN).values_list("deposit", flat=True)
    return found | dict.fromkeys(theirs, "came_otherwise") | dict.fromkeys(kept, "looked_at")


def refunds_for_staff(now: datetime) -> QuerySet[Refund]:
    """Refunds that need a person: of bank transfers, and lost ones that the provider does not clear up."""
    by_hand = Refund.objects.filter(state=RefundState.ASKED, deposit__provider="bank")
    lost = Refund.objects.filter(state=RefundState.UNKNOWN, sent_at__lte=now - STAFF_LOOK_AFTER)
    return (by_hand | lost).select_related("deposit__requester__user").order_by("id")


def under_way(requester: Requester) -> int:
    """How many payments of theirs are on their way, in or back, or frozen: none of them has ended."""
    coming = Deposit.objects.filter(requester=requester, state=DepositState.PENDING).count()
    ended = (RefundState.DONE, RefundState.FAILED)
    going = Refund.objects.filter(deposit__requester=requester).exclude(state__in=ended).count()
    return coming + going + Dispute.objects.filter(deposit__requester=requester, frozen__gt=0).count()


def due_deposits(now: datetime, limit: int) -> list[str]:
    """Ids of the deposits whose provider should be asked now."""
    due = Deposit.objects.filter(due_at__lte=now).order_by("due_at")
    return list(due.values_list("public_id", flat=True)[:limit])


def due_refunds(now: datetime, limit: int) -> list[str]:
    """Ids of the refunds that should be sent or asked about now."""
    due = Refund.objects.filter(due_at__lte=now).order_by("due_at")
    return list(due.values_list("public_id", flat=True)[:limit])


def owing(limit: int) -> list[tuple[Requester, Money]]:
    """Who owes how much, the most first."""
    open_debts = Account.objects.filter(code="requester_debt", balance__gt=0).order_by("-balance")
    found = dict(open_debts.values_list("owner", "balance")[:limit])
    people = Requester.objects.filter(public_id__in=found).select_related("user")
    by_id = {one.public_id: one for one in people}
    return [(by_id[owner], Money(units)) for owner, units in found.items()]


def debtors() -> list[Requester]:
    """Requesters who owe something and have something to pay it from."""
    owing = Account.objects.filter(code="requester_debt", balance__gt=0).values("owner")
    able = Account.objects.filter(code="requester_available", balance__gt=0, owner__in=owing).values("owner")
    return list(Requester.objects.filter(public_id__in=able))

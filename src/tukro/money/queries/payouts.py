"""Reading payouts: the operator's terms, what waits for whom, what may be used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from tukro.kernel.money import Money
from tukro.money.models import (
    MoneyPolicy,
    Payout,
    PayoutBatch,
    PayoutMethod,
    PayoutSchedule,
    PayoutSignal,
    PayoutState,
    PayoutTerms,
)
from tukro.money.queries.balances import policy
from tukro.money.rules import PAYOUT_KINDS
from tukro.money.rules.payouts import ARRIVAL_DAYS
from tukro.people.models import Worker


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one kind of payout. ``maximum`` and ``daily_maximum``: None is no limit."""

    kind: str
    offered: bool
    minimum: Money
    maximum: Money | None
    daily_maximum: Money | None
    fee: Money
    approved_up_to: Money
    arrives_from: int  # days
    arrives_to: int


def terms_of(kind: str) -> Terms:
    """The terms of one kind: what the operator said of it, else what holds for all."""
    return _terms(kind, PayoutTerms.objects.filter(kind=kind).first(), policy())


def all_terms() -> dict[str, Terms]:
    """The terms of every kind, in the order in which kinds are listed."""
    said, house = PayoutTerms.objects.in_bulk(), policy()
    return {kind: _terms(kind, said.get(kind), house) for kind in PAYOUT_KINDS}


def _terms(kind: str, said: PayoutTerms | None, house: MoneyPolicy) -> Terms:
    row = said or PayoutTerms(kind=kind)
    soonest, latest = ARRIVAL_DAYS[kind]
    return Terms(
        kind=kind,
        offered=row.offered,
        minimum=house.minimum_payout if row.minimum is None else Money(row.minimum),
        maximum=None if row.maximum is None else Money(row.maximum),
        daily_maximum=None if row.daily_maximum is None else Money(row.daily_maximum),
        fee=house.payout_fee if row.fee is None else Money(row.fee),
        approved_up_to=row.approved_up_to,
        arrives_from=soonest,
        arrives_to=latest,
    )


_GAVE_BACK = (PayoutState.CANCELLED, PayoutState.FAILED, PayoutState.RETURNED)


def asked_within_a_day(worker: Worker, kind: str, now: datetime) -> Money:
    """What the worker has asked for by this kind in the last 24 hours and did not get back."""
    lately = Payout.objects.filter(worker=worker, kind=kind, requested_at__gt=now - timedelta(days=1))
    total: Money | None = lately.exclude(state__in=_GAVE_BACK).aggregate(total=Sum("amount"))["total"]
    return total or Money.zero()


def sent_under(references: Collection[str], *, but: Collection[str]) -> QuerySet[Payout]:
    """Withdrawals that were sent under one of these numbers and did not come back; not those of ``but``."""
    alike = Payout.objects.filter(reference__in=references).exclude(public_id__in=but)
    return alike.exclude(state__in=_GAVE_BACK).select_related("worker__user", "batch").order_by("id")


def is_usable(method: PayoutMethod, now: datetime) -> bool:
    """Confirmed by mail, and the time to object is over."""
    return method.confirmed_at is not None and method.usable_from <= now


def places_to_ask_for(
    methods: Iterable[PayoutMethod], terms: Mapping[str, Terms], now: datetime
) -> list[PayoutMethod]:
    """Those of a worker's places to which a withdrawal can be asked for now."""
    return [one for one in methods if is_usable(one, now) and terms[one.kind].offered]


def smallest_withdrawal(places: Iterable[PayoutMethod], terms: Mapping[str, Terms]) -> Money:
    """The least that one of these places takes; without places, the least of all kinds on offer."""
    reachable = [terms[one.kind].minimum for one in places]
    return min(reachable or [one.minimum for one in terms.values() if one.offered], default=Money.zero())


def schedule_of(worker: Worker) -> PayoutSchedule | None:
    """The regular withdrawals that a worker chose, with the place they go to."""
    return PayoutSchedule.objects.filter(worker=worker).select_related("method__worker").first()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payouts staff look for; what is empty holds for all.

    ``text``: a part of the bank's or wallet's number, of the worker's e-mail address or name, or the whole id
    of the worker or withdrawal. ``file``: the id of a file.
    """

    kind: str = ""
    text: str = ""
    file: str = ""


EVERY_PAYOUT = Wanted()


def payout_queue(state: str, wanted: Wanted = EVERY_PAYOUT) -> QuerySet[Payout]:
    """Payouts in one state, oldest first: staff work in the order of asking."""
    return _payouts(wanted).filter(state=state).select_related("worker__user").order_by("id")


def payout_counts(wanted: Wanted = EVERY_PAYOUT) -> Mapping[str, int]:
    """How many payouts are in each state."""
    counted = _payouts(wanted).values("state").annotate(count=Count("pk"))
    return dict.fromkeys(PayoutState.values, 0) | {row["state"]: row["count"] for row in counted}


def _payouts(wanted: Wanted) -> QuerySet[Payout]:
    found = Payout.objects.all()
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.file:
        found = found.filter(batch__public_id=wanted.file)
    if text := wanted.text:
        found = found.filter(
            Q(reference__icontains=text)
            | Q(public_id=text.upper())
            | Q(worker__public_id=text.upper())
            | Q(worker__user__email__icontains=text)
            | Q(worker__user__contact__full_name__icontains=text)
        )
    return found


def open_batches() -> QuerySet[PayoutBatch]:
    """Files that were made and neither handed over nor dropped, the newest first."""
    return PayoutBatch.objects.filter(handed_over_at=None, dropped_at=None).order_by("-id")


def open_signals() -> QuerySet[PayoutSignal]:
    """What staff have yet to look at, the newest first."""
    found = PayoutSignal.objects.filter(settled_at=None)
    return found.select_related("worker__user", "other__user", "payout").order_by("-id")

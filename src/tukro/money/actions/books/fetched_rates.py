"""Rates that a source tells by itself: entered, or laid before staff when they jump too far.

A first rate of a currency waits as well: there is nothing to compare it with.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.money.actions.books.booking_moves import lock_house
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.policy import BadPolicy
from tukro.money.actions.two_persons import check_rules
from tukro.money.models import ExchangeRate, MoneyPolicy, RateSourceState, WaitingRate
from tukro.money.queries import latest_rate, policy
from tukro.money.rules.exchange import FoundRate, jumps

# A source without a day of its own is believed to have said something new so often.
_RENEWED = timedelta(days=1)
Taken = Literal["entered", "waits", "known"]
LARGEST_JUMP = 5_000  # basis points


class RateDecided(Refused):
    """Somebody decided about this rate, or a newer one came."""


@transaction.atomic
def take_rate(*, source: str, found: FoundRate, now: datetime) -> Taken:
    """Enter a rate as its source says it, less the policy's spread; or let it wait for staff.

    Writes ExchangeRateEntered or ExchangeRateWaits; what is known already changes nothing.
    """
    lock_house()
    last = latest_rate(found.currency, now)
    if last is not None and _is_known(last, source, found, now):
        return "known"
    house = policy()
    if last is None or jumps(last.rate, found.rate, house.rate_jump_basis_points):
        return _lay_before_staff(source, found, last, now)
    _close_waiting(found.currency, "overtaken", by=HOUSE, now=now)
    enter_rate(
        by=HOUSE,
        currency=found.currency,
        rate=found.rate,
        source=source,
        spread_basis_points=house.rate_spread_basis_points,
        published=found.published,
        now=now,
    )
    return "entered"


def _lay_before_staff(source: str, found: FoundRate, last: ExchangeRate | None, now: datetime) -> Taken:
    seen = WaitingRate.objects.filter(currency=found.currency, source=source).order_by("-pk").first()
    if seen is not None and (seen.rate, seen.published) == (found.rate, found.published):
        return "known"  # it waits, or staff dropped it
    _close_waiting(found.currency, "overtaken", by=HOUSE, now=now)
    waiting = WaitingRate.objects.create(
        currency=found.currency,
        rate=found.rate,
        before=last.rate if last else None,
        source=source,
        published=found.published,
        came_at=now,
    )
    facts = {
        "rate": str(found.rate),
        "before": str(last.rate) if last else "",
        "source": source,
        "waiting": waiting.pk,
    }
    record(
        name="ExchangeRateWaits", actor=HOUSE, subject=f"exchange_rate:{found.currency}", at=now, facts=facts
    )
    return "waits"


@transaction.atomic
def decide_rate(*, by: Actor, waiting_id: int, good: bool, now: datetime) -> None:
    """Staff say whether a rate that jumped is right: it is entered, or dropped.

    Refuses NotFound, RateDecided.
    """
    lock_house()
    waiting = WaitingRate.objects.filter(pk=waiting_id).first()
    if waiting is None:
        raise NotFound(rate=waiting_id)
    if waiting.decided_at is not None:
        raise RateDecided()
    _close_waiting(waiting.currency, "entered" if good else "dropped", by=by, now=now)
    if good:
        enter_rate(
            by=by,
            currency=waiting.currency,
            rate=waiting.rate,
            source=waiting.source,
            spread_basis_points=policy().rate_spread_basis_points,
            published=waiting.published,
            first=HOUSE,  # the source proposed it
            now=now,
        )
    else:
        facts = {"rate": str(waiting.rate), "source": waiting.source}
        record(
            name="ExchangeRateDropped",
            actor=by,
            subject=f"exchange_rate:{waiting.currency}",
            at=now,
            facts=facts,
        )


@transaction.atomic
def change_rate_policy(
    *,
    by: Actor,
    jump_basis_points: int,
    spread_basis_points: int,
    first: Actor | None = None,
    now: datetime,
) -> None:
    """How far a fetched rate may jump by itself, and what the house keeps of it.

    Refuses BadPolicy, SecondPersonNeeded.
    """
    good = {
        "rate_jump_basis_points": 0 < jump_basis_points <= LARGEST_JUMP,
        "rate_spread_basis_points": 0 <= spread_basis_points <= LARGEST_JUMP,
    }
    if faults := [field for field, holds in good.items() if not holds]:
        raise BadPolicy(fields=faults)
    check_rules(by=by, first=first)
    lock_house()
    house = MoneyPolicy.objects.get(id=1)
    facts = {
        "rate_jump_basis_points": [house.rate_jump_basis_points, jump_basis_points],
        "rate_spread_basis_points": [house.rate_spread_basis_points, spread_basis_points],
    }
    house.rate_jump_basis_points, house.rate_spread_basis_points = jump_basis_points, spread_basis_points
    house.save(update_fields=list(facts))
    record(name="MoneyPolicyChanged", actor=by, subject="money_policy", at=now, facts=facts)


def note_source(*, name: str, fault: str, now: datetime) -> None:
    """Remember for staff when a source was asked, and what was wrong; '' when it answered."""
    answered = {} if fault else {"answered_at": now}
    RateSourceState.objects.update_or_create(
        name=name, defaults={"asked_at": now, "fault": fault[:300]} | answered
    )


def _is_known(last: ExchangeRate, source: str, found: FoundRate, now: datetime) -> bool:
    """Whether the latest rate is this one, or a later one of staff's own."""
    if found.published is None:
        fresh = now - last.entered_at < _RENEWED
        return fresh and (last.source != source or last.rate == found.rate)
    return found.published <= (last.published or last.entered_at.date())


def _close_waiting(currency: str, outcome: str, *, by: Actor, now: datetime) -> None:
    waiting = WaitingRate.objects.filter(currency=currency, decided_at=None)
    waiting.update(decided_at=now, decided_by=str(by), outcome=outcome)

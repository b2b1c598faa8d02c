"""Staff gave somebody money, took it back, or gave up what was owed: the person hears how much and why."""

from __future__ import annotations

from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.notices.actions.told import Facts, Teller, Told, told_of_balance


def _corrected(event: Event) -> Told | None:
    amount = Money(event.facts["amount"])
    facts: Facts = {
        "amount": Money(abs(amount.units)),
        "gets": amount > Money.zero(),
        "reason": event.facts["reason"],
    }
    return told_of_balance(event.facts["person"], "balance_corrected", facts)


def _given_up(event: Event) -> Told | None:
    return _debt(event, given_up=True)


def _owed_again(event: Event) -> Told | None:
    """By staff. What a dispute that was won makes owed again, it pays at once, and it is told itself."""
    return None if event.actor == str(HOUSE) else _debt(event, given_up=False)


def _debt(event: Event, *, given_up: bool) -> Told | None:
    amount, reason = Money(event.facts["amount"]), event.facts["reason"]
    facts: Facts = {"amount": amount, "given_up": given_up, "reason": reason}
    return told_of_balance(event.facts["requester"], "debt_changed", facts)


TELLERS: dict[str, Teller] = {
    "BalanceCorrected": _corrected,
    "CorrectionReversed": _corrected,
    "DebtWrittenOff": _given_up,
    "DebtReinstated": _owed_again,
}

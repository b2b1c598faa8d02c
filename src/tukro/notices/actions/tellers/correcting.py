"""Staff gave somebody money, or took it back: the person hears how much and why."""

from __future__ import annotations

from tukro.journal.models import Event
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


TELLERS: dict[str, Teller] = {"BalanceCorrected": _corrected, "CorrectionReversed": _corrected}

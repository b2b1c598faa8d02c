"""One line of what is proposed, and the lines that many acts have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tukro.money.models import Deposit, Payout, Refund, UnmatchedMoney
from tukro.web.staff.paying_out import same_number
from tukro.web.staff.who import Person


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is proposed; ``before`` is what a rule is now, ``url`` a page of ours about it."""

    label: str | Promise
    value: str
    before: str = ""
    url: str = ""
    is_text: bool = False  # a person wrote it, or it is a number of somebody: it is not translated


@dataclass(frozen=True, slots=True)
class Named:
    """Whom and what of money the acts of a page are about, by what the acts call them."""

    people: Mapping[str, Person]
    payouts: Mapping[str, Payout]
    unmatched: Mapping[str, UnmatchedMoney]
    refunds: Mapping[str, Refund]
    deposits: Mapping[str, Deposit]
    sent_already: Mapping[str, Sequence[Payout]]  # by the number of a payment


def of_person(name: str, named: Named) -> Fact:
    person = named.people[name]
    label = _("Worker") if person.is_worker else _("Requester")
    return Fact(label, person.called, url=person.url, is_text=True)


def of_journal(label: str, public_id: str) -> Fact:
    url = f"{reverse('staff:journal')}?subject={public_id}"
    return Fact(label, public_id, url=url, is_text=True)


def why(reason: str) -> Fact:
    return Fact(_("Why"), reason.strip() or "–", is_text=True)


def of_reference(reference: str) -> Fact:
    return Fact(_("Reference"), reference, is_text=True)


def of_payment_number(reference: str, others: Iterable[Payout]) -> list[Fact]:
    """The number of a payment, and which other withdrawals bear it."""
    names = [same_number.called(one) for one in others]
    same = Fact(_("The same number stands at"), same_number.listed(names), is_text=True)
    return [of_reference(reference), *([same] if names else [])]

"""What is shown of each act before a second person confirms it: here of those that move money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tukro.kernel.money import Money
from tukro.money.actions.proposals import acts, booking_acts, house_acts, vetting_acts
from tukro.money.actions.proposals.acts import Act
from tukro.money.models import Deposit, Payout, Refund, UnmatchedMoney
from tukro.web import formats
from tukro.web.staff.paying_out import same_number
from tukro.web.staff.two_persons.fact import (
    Fact,
    Named,
    of_journal,
    of_payment_number,
    of_person,
    of_reference,
    why,
)
from tukro.web.staff.two_persons.rule_facts import of_rule
from tukro.web.staff.two_persons.titles import DECISIONS
from tukro.web.staff.who import people_named
from tukro.web.words.bookings import place_name
from tukro.web.words.payouts import method_label
from tukro.web.words.places import country_name

Row = TypeVar("Row", Payout, UnmatchedMoney, Refund, Deposit)


def named_in(proposed: Iterable[Act]) -> Named:
    """The people, and what of money, that these acts are about: each kind in one query."""
    listed = list(proposed)
    payouts = _found(
        Payout.objects.select_related("worker"), {one.payout for one in listed if isinstance(one, OfPayout)}
    )
    unmatched = _found(
        UnmatchedMoney.objects.all(), {one.unmatched for one in listed if isinstance(one, OfUnmatched)}
    )
    refunds = _found(
        Refund.objects.select_related("deposit__requester"),
        {one.refund for one in listed if isinstance(one, acts.EndRefund)},
    )
    deposits = _found(
        Deposit.objects.select_related("requester"),
        {one.deposit for one in listed if isinstance(one, acts.RecordDispute)},
    )
    people = {name for one in listed if (name := _person_of(one))}
    people |= {_worker_of(one) for one in payouts.values()}
    people |= {
        _payer_of(one) for one in (*deposits.values(), *(refund.deposit for refund in refunds.values()))
    }
    sent = same_number.sent_already({_payment_number(one) for one in listed})
    return Named(people_named(people), payouts, unmatched, refunds, deposits, sent)


def _found(rows: QuerySet[Row], ids: set[str]) -> dict[str, Row]:
    """These of them by their public ids; nothing is asked for none."""
    return {row.public_id: row for row in rows.filter(public_id__in=ids)} if ids else {}


def facts_of(act: Act, named: Named) -> list[Fact]:
    """What a second person must see to answer for it."""
    match act:
        case acts.CorrectBalance():
            return [of_person(act.person, named), why(act.reason)]
        case acts.ReverseCorrection():
            return [of_journal(_("Correction"), act.correction), why(act.reason)]
        case acts.AssignUnmatched():
            whose = of_person(_person_of(act), named)
            return [*_unmatched(named.unmatched[act.unmatched]), whose, why(act.reason)]
        case acts.ReturnUnmatched():
            return [*_unmatched(named.unmatched[act.unmatched]), why(act.reason)]
        case acts.TakeInLine():
            paid = Fact(_("Amount that came"), formats.money(Money(act.units, act.currency)))
            return [paid, *_of_payment(act.ref, act.memo, act.payer)]
        case acts.EndRefund():
            refund = named.refunds[act.refund]
            return [
                of_person(_payer_of(refund.deposit), named),
                *_there(refund.pays),
                _of_deposit(_("Came by payment"), refund.deposit, refund.deposit.payment_ref),
                of_journal(_("Refund"), act.refund),
                of_reference(act.note) if act.sent else why(act.note),
            ]
        case acts.RecordDispute():
            disputed = named.deposits[act.deposit]
            return [
                of_person(_payer_of(disputed), named),
                _of_deposit(_("Deposit"), disputed, formats.money(disputed.amount)),
                Fact(_("Number of the dispute"), act.reference, is_text=True),
                why(act.reason),
            ]
        case acts.EndBatch():
            url = reverse("staff:payout_file", args=[act.batch])
            batch = Fact(_("File"), act.batch, url=url, is_text=True)
            if act.end != "hand_over":
                return [batch, why(act.note)]
            sent = named.sent_already.get(_payment_number(act), ())
            return [batch, *of_payment_number(act.note, (one for one in sent if not _is_in(one, act.batch)))]
        case booking_acts.Book():
            return _of_booking(act)
        case booking_acts.ReverseBooking():
            url = reverse("staff:booking", args=[act.booking])
            return [Fact(_("Booking"), act.booking, url=url, is_text=True), why(act.reason)]
        case acts.ApprovePayout() | acts.SendPayout() | acts.ReturnPayout() | acts.DecidePayout():
            return _of_payout(act, named)
        case _:
            return of_rule(act, named)


def _of_booking(act: booking_acts.Book) -> list[Fact]:
    labels = {
        "amount": _("Amount"),
        "cost": _("Of it kept as cost"),
        "paid": _("Amount"),
        "got": _("Amount that came"),
        "place": _("At which place"),
        "to_place": _("Came to"),
        "country": _("Country"),
        "reference": _("Reference"),
        "reason": _("Why"),
    }
    facts = [Fact(labels[name], formats.money(act.money(name))) for name in act.amounts]
    for name, text in act.texts.items():
        match name:
            case "place" | "to_place":
                fact = Fact(labels[name], str(place_name(text)))
            case "country":
                fact = Fact(labels[name], country_name(text))
            case _:
                fact = Fact(labels[name], text, is_text=True)
        facts += [fact] if text else []
    return facts


OfPayout = acts.ApprovePayout | acts.SendPayout | acts.ReturnPayout | acts.DecidePayout
OfUnmatched = acts.AssignUnmatched | acts.ReturnUnmatched


def _of_payout(act: OfPayout, named: Named) -> list[Fact]:
    payout = named.payouts[act.payout]
    there = f"{reverse('staff:payouts')}?state={payout.state}&q={payout.public_id}"
    facts = [
        of_person(_worker_of(payout), named),
        Fact(_("Send to"), method_label(payout), url=there),
        of_journal(_("Withdrawal"), act.payout),
    ]
    if isinstance(act, acts.DecidePayout):
        facts.append(Fact(_("Decision"), str(DECISIONS[act.decision])))
    if not isinstance(act, acts.ApprovePayout) and act.reference:
        sent = named.sent_already.get(_payment_number(act), ())
        facts += of_payment_number(act.reference, (one for one in sent if one.public_id != act.payout))
    if isinstance(act, acts.ReturnPayout | acts.DecidePayout):
        facts.append(why(act.reason))
    return facts


def _worker_of(payout: Payout) -> str:
    return f"worker:{payout.worker.public_id}"


def _is_in(payout: Payout, batch: str) -> bool:
    return payout.batch is not None and payout.batch.public_id == batch


def _payment_number(act: Act) -> str:
    """Under which number of a bank or wallet an act says that withdrawals were paid."""
    match act:
        case acts.SendPayout() | acts.DecidePayout():
            return act.reference.strip()
        case acts.EndBatch():
            return act.note.strip() if act.end == "hand_over" else ""
        case _:
            return ""


def _person_of(act: Act) -> str:
    """Whose money or name an act is about, when it says so itself."""
    match act:
        case acts.CorrectBalance() | vetting_acts.DecideHit():
            return act.person
        case acts.AssignUnmatched() | house_acts.GiveUpDebt():
            return f"requester:{act.requester}"
        case _:
            return ""


def _unmatched(kept: UnmatchedMoney) -> list[Fact]:
    return [
        *_there(kept.amount),
        *_of_payment(kept.payment_ref, kept.memo, kept.payer),
        of_journal(_("Money without an owner"), kept.public_id),
    ]


def _there(amount: Money) -> list[Fact]:
    """What moves at the bank or provider, where that is not dollars, which stand above."""
    return [] if amount.currency == "USD" else [Fact(_("In its own currency"), formats.money(amount))]


def _of_payment(ref: str, memo: str, payer: str) -> list[Fact]:
    lines = ((_("Payment"), ref), (_("Purpose"), memo), (_("Who sent it"), payer))
    return [Fact(label, text, is_text=True) for label, text in lines if text]


def _of_deposit(label: str, deposit: Deposit, text: str) -> Fact:
    return Fact(label, text, url=reverse("staff:deposit", args=[deposit.public_id]), is_text=True)


def _payer_of(deposit: Deposit) -> str:
    return f"requester:{deposit.requester.public_id}"

"""What is shown of each act before a second person confirms it: here of those that move money."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tukro.kernel.money import Money
from tukro.money.actions.proposals import acts, booking_acts
from tukro.money.actions.proposals.acts import Act
from tukro.web import formats
from tukro.web.staff.two_persons.fact import Fact, of_journal, of_person, of_reference, why
from tukro.web.staff.two_persons.rule_facts import of_rule
from tukro.web.staff.two_persons.titles import DECISIONS
from tukro.web.words.bookings import place_name


def facts_of(act: Act) -> list[Fact]:
    """What a second person must see to answer for it."""
    match act:
        case acts.CorrectBalance():
            return [of_person(act.person), why(act.reason)]
        case acts.ReverseCorrection():
            return [of_journal(_("Correction"), act.correction), why(act.reason)]
        case acts.AssignUnmatched():
            whose = of_person(f"requester:{act.requester}")
            return [_unmatched(act.unmatched), whose, why(act.reason)]
        case acts.ReturnUnmatched():
            return [_unmatched(act.unmatched), why(act.reason)]
        case acts.TakeInLine():
            paid = Fact(_("Amount that came"), formats.money(Money(act.units, act.currency)))
            lines = ((_("Payment"), act.ref), (_("Purpose"), act.memo), (_("Who sent it"), act.payer))
            return [paid, *(Fact(label, text, is_text=True) for label, text in lines if text)]
        case acts.EndRefund():
            refund = Fact(_("Refund"), act.refund, url=reverse("staff:refunds"), is_text=True)
            return [refund, of_reference(act.note) if act.sent else why(act.note)]
        case acts.RecordDispute():
            url = reverse("staff:deposit", args=[act.deposit])
            deposit = Fact(_("Deposit"), act.deposit, url=url, is_text=True)
            return [deposit, Fact(_("Number of the dispute"), act.reference, is_text=True), why(act.reason)]
        case acts.EndBatch():
            url = reverse("staff:payout_file", args=[act.batch])
            batch = Fact(_("File"), act.batch, url=url, is_text=True)
            return [batch, of_reference(act.note) if act.end == "hand_over" else why(act.note)]
        case booking_acts.Book():
            return _of_booking(act)
        case booking_acts.ReverseBooking():
            url = reverse("staff:booking", args=[act.booking])
            return [Fact(_("Booking"), act.booking, url=url, is_text=True), why(act.reason)]
        case acts.ApprovePayout() | acts.SendPayout() | acts.ReturnPayout() | acts.DecidePayout():
            return _of_payout(act)
        case _:
            return of_rule(act)


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
        is_place = name in ("place", "to_place")
        shown = str(place_name(text)) if is_place else text
        facts += [Fact(labels[name], shown, is_text=not is_place)] if text else []
    return facts


OfPayout = acts.ApprovePayout | acts.SendPayout | acts.ReturnPayout | acts.DecidePayout


def _of_payout(act: OfPayout) -> list[Fact]:
    facts = [of_journal(_("Withdrawal"), act.payout)]
    if isinstance(act, acts.DecidePayout):
        facts.append(Fact(_("Decision"), str(DECISIONS[act.decision])))
    if not isinstance(act, acts.ApprovePayout) and act.reference:
        facts.append(of_reference(act.reference))
    if isinstance(act, acts.ReturnPayout | acts.DecidePayout):
        facts.append(why(act.reason))
    return facts


def _unmatched(public_id: str) -> Fact:
    return Fact(_("Money without an owner"), public_id, url=reverse("staff:unmatched"), is_text=True)

"""What is shown of each act before a second person confirms it: here of those that move money."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from tukro.kernel.money import Money
from tukro.money.actions.proposals import acts, booking_acts, house_acts, vetting_acts
from tukro.money.actions.proposals.acts import Act
from tukro.money.models import Payout
from tukro.web import formats
from tukro.web.staff.two_persons.fact import Fact, Named, of_journal, of_person, of_reference, why
from tukro.web.staff.two_persons.rule_facts import of_rule
from tukro.web.staff.two_persons.titles import DECISIONS
from tukro.web.staff.who import people_named
from tukro.web.words.bookings import place_name
from tukro.web.words.payouts import method_label
from tukro.web.words.places import country_name


def named_in(proposed: Iterable[Act]) -> Named:
    """The people and withdrawals that these acts are about."""
    listed = list(proposed)
    ids = {one.payout for one in listed if isinstance(one, OfPayout)}
    found = Payout.objects.filter(public_id__in=ids).select_related("worker") if ids else []
    payouts = {one.public_id: one for one in found}
    theirs = {_worker_of(one) for one in payouts.values()}
    return Named(people_named(theirs | {name for one in listed if (name := _person_of(one))}), payouts)


def facts_of(act: Act, named: Named) -> list[Fact]:
    """What a second person must see to answer for it."""
    match act:
        case acts.CorrectBalance():
            return [of_person(act.person, named), why(act.reason)]
        case acts.ReverseCorrection():
            return [of_journal(_("Correction"), act.correction), why(act.reason)]
        case acts.AssignUnmatched():
            whose = of_person(_person_of(act), named)
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


def _of_payout(act: OfPayout, named: Named) -> list[Fact]:
    payout = named.payouts[act.payout]
    facts = [
        of_person(_worker_of(payout), named),
        Fact(_("Send to"), method_label(payout), url=f"{reverse('staff:payouts')}?state={payout.state}"),
        of_journal(_("Withdrawal"), act.payout),
    ]
    if isinstance(act, acts.DecidePayout):
        facts.append(Fact(_("Decision"), str(DECISIONS[act.decision])))
    if not isinstance(act, acts.ApprovePayout) and act.reference:
        facts.append(of_reference(act.reference))
    if isinstance(act, acts.ReturnPayout | acts.DecidePayout):
        facts.append(why(act.reason))
    return facts


def _worker_of(payout: Payout) -> str:
    return f"worker:{payout.worker.public_id}"


def _person_of(act: Act) -> str:
    """Whose money or name an act is about, when it says so itself."""
    match act:
        case acts.CorrectBalance() | vetting_acts.DecideHit():
            return act.person
        case acts.AssignUnmatched() | house_acts.GiveUpDebt():
            return f"requester:{act.requester}"
        case _:
            return ""


def _unmatched(public_id: str) -> Fact:
    return Fact(_("Money without an owner"), public_id, url=reverse("staff:unmatched"), is_text=True)

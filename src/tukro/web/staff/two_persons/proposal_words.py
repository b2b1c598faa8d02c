"""What each act that waits for a second person is called, and what is shown of it before it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tukro.kernel.money import BASIS_POINTS, Money
from tukro.money.actions import acts, booking_acts, house_acts, rule_acts, vetting_acts
from tukro.money.actions.acts import Act
from tukro.money.models import ProposalState
from tukro.web import formats
from tukro.web.staff.books.rates import CURRENCIES, PolicyForm
from tukro.web.staff.paying_out.payout_terms import TermsForm
from tukro.web.staff.policy import MoneyForm
from tukro.web.words.bookings import BOOKINGS, place_name
from tukro.web.words.payouts import KINDS
from tukro.web.words.places import country_name
from tukro.web.words.taxes import FORMS, STEPS

STATES: dict[str, Promise] = {
    ProposalState.WAITING: gettext_lazy("waits"),
    ProposalState.CONFIRMED: gettext_lazy("confirmed"),
    ProposalState.DECLINED: gettext_lazy("declined"),
    ProposalState.WITHDRAWN: gettext_lazy("taken back"),
    ProposalState.OVERTAKEN: gettext_lazy("settled another way"),
    ProposalState.EXPIRED: gettext_lazy("waited too long"),
}
DECISIONS: dict[str, Promise] = {
    "accepted": gettext_lazy("It was paid"),
    "settled": gettext_lazy("It arrived"),
    "failed": gettext_lazy("It failed: the money goes back"),
    "again": gettext_lazy("It was never paid: send it again"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is proposed; ``before`` is what a rule is now, ``url`` a page of ours about it."""

    label: str | Promise
    value: str
    before: str = ""
    url: str = ""
    is_text: bool = False  # a person wrote it, or it is a number of somebody: it is not translated


def title_of(act: Act) -> str:
    """What is to be done, in a line."""
    match act:
        case acts.CorrectBalance():
            return _("Make good to a person") if act.units > 0 else _("Take money back from a person")
        case acts.ReverseCorrection():
            return _("Reverse a correction")
        case acts.AssignUnmatched():
            return _("Give money without an owner to a requester")
        case acts.ReturnUnmatched():
            return _("Money without an owner was sent back")
        case acts.TakeInLine():
            return _("Settle a deposit by a line of the bank's list")
        case acts.EndRefund():
            return _("A refund was sent") if act.sent else _("A refund was not sent: back into the balance")
        case acts.RecordDispute():
            return _("A dispute was won") if act.won else _("A dispute takes a deposit back")
        case acts.EndBatch():
            handed_over = act.end == "hand_over"
            return _("A file was handed over") if handed_over else _("A file was not handed over")
        case booking_acts.Book():
            return _("The house's money: %(what)s") % {"what": BOOKINGS[act.what]}
        case booking_acts.ReverseBooking():
            return _("Reverse a booking of the house's money")
        case _:
            return _payout_or_rule(act)


def _payout_or_rule(act: Act) -> str:
    match act:
        case acts.ApprovePayout():
            return _("Approve a withdrawal")
        case acts.SendPayout():
            return _("A withdrawal was sent by hand")
        case acts.ReturnPayout():
            return _("A withdrawal came back")
        case acts.DecidePayout():
            return _("What became of a withdrawal without an answer")
        case rule_acts.ChangePolicy():
            return _("Change fees and limits")
        case rule_acts.ChangeLevelRewards():
            return _("Change which levels dear work asks for")
        case rule_acts.ChangeCooling():
            return _("Change how long a new place waits")
        case rule_acts.ChangeTerms():
            return _("Change the terms of %(kind)s") % {"kind": KINDS[act.of]}
        case rule_acts.EnterRate():
            return _("Enter an exchange rate")
        case house_acts.GiveUpDebt():
            return _("Give up a debt")
        case house_acts.ChangeRatePolicy():
            return _("Change what holds for fetched rates")
        case house_acts.ChangeTax():
            return _("Change the tax that is kept of withdrawals")
        case vetting_acts.AskTaxForm():
            return _("Change which tax form is asked")
        case vetting_acts.ChangeTaxYear():
            return _("Change the tax year and how long forms are kept")
        case vetting_acts.TakeList():
            return _("Compare everybody with a sanctions list")
        case vetting_acts.DecideHit():
            return _("Clear a person of a hit") if act.verdict == "cleared" else _("Keep holding a person")
        case vetting_acts.ChangeLikeness():
            return _("Change how like names must be to a sanctions list")
        case _:
            raise AssertionError(act.kind)


def facts_of(act: Act) -> list[Fact]:
    """What a second person must see to answer for it."""
    match act:
        case acts.CorrectBalance():
            return [_person(act.person), _why(act.reason)]
        case acts.ReverseCorrection():
            return [_journal(_("Correction"), act.correction), _why(act.reason)]
        case acts.AssignUnmatched():
            whose = _person(f"requester:{act.requester}")
            return [_unmatched(act.unmatched), whose, _why(act.reason)]
        case acts.ReturnUnmatched():
            return [_unmatched(act.unmatched), _why(act.reason)]
        case acts.TakeInLine():
            paid = Fact(_("Amount that came"), formats.money(Money(act.units, act.currency)))
            lines = ((_("Payment"), act.ref), (_("Purpose"), act.memo), (_("Who sent it"), act.payer))
            return [paid, *(Fact(label, text, is_text=True) for label, text in lines if text)]
        case acts.EndRefund():
            refund = Fact(_("Refund"), act.refund, url=reverse("staff:refunds"), is_text=True)
            return [refund, _reference(act.note) if act.sent else _why(act.note)]
        case acts.RecordDispute():
            url = reverse("staff:deposit", args=[act.deposit])
            deposit = Fact(_("Deposit"), act.deposit, url=url, is_text=True)
            return [deposit, Fact(_("Number of the dispute"), act.reference, is_text=True), _why(act.reason)]
        case acts.EndBatch():
            url = reverse("staff:payout_file", args=[act.batch])
            batch = Fact(_("File"), act.batch, url=url, is_text=True)
            return [batch, _reference(act.note) if act.end == "hand_over" else _why(act.note)]
        case booking_acts.Book():
            return _of_booking(act)
        case booking_acts.ReverseBooking():
            url = reverse("staff:booking", args=[act.booking])
            return [Fact(_("Booking"), act.booking, url=url, is_text=True), _why(act.reason)]
        case acts.ApprovePayout() | acts.SendPayout() | acts.ReturnPayout() | acts.DecidePayout():
            return _of_payout(act)
        case _:
            return _of_rule(act)


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
    facts = [_journal(_("Withdrawal"), act.payout)]
    if isinstance(act, acts.DecidePayout):
        facts.append(Fact(_("Decision"), str(DECISIONS[act.decision])))
    if not isinstance(act, acts.ApprovePayout) and act.reference:
        facts.append(_reference(act.reference))
    if isinstance(act, acts.ReturnPayout | acts.DecidePayout):
        facts.append(_why(act.reason))
    return facts


def _of_rule(act: Act) -> list[Fact]:
    match act:
        case rule_acts.ChangePolicy():
            return [_policy_field(name, act.before[name], value) for name, value in act.after.items()]
        case rule_acts.ChangeLevelRewards():
            before = dict(enumerate(act.before))
            return [
                Fact(
                    _("From which reward on level %(level)s is asked") % {"level": formats.number(no + 1)},
                    formats.money(Money(units)),
                    before=formats.money(Money(before.get(no, 0))),
                )
                for no, units in enumerate(act.after)
                if units != before.get(no, 0)
            ]
        case rule_acts.ChangeCooling():
            hours, was = formats.number(act.after), formats.number(act.before)
            return [Fact(_("Hours that a new place waits"), hours, before=was)]
        case rule_acts.ChangeTerms():
            changed = [name for name, value in act.after.items() if value != act.before[name]]
            return [_terms_field(name, act.before, act.after) for name in changed]
        case rule_acts.EnterRate():
            share = formats.percent(Decimal(act.spread) / BASIS_POINTS, decimals=2)
            return [
                Fact(_("Currency"), str(CURRENCIES[act.currency])),
                Fact(_("One dollar"), _rate(act.rate), before=_rate(act.before) if act.before else "–"),
                Fact(_("Share that the house keeps, in percent"), share),
                Fact(_("Source"), act.source, is_text=True),
            ]
        case _:
            return _of_house(act)


def _of_house(act: Act) -> list[Fact]:
    match act:
        case house_acts.GiveUpDebt():
            amount = Fact(_("Amount"), formats.money(Money(act.units)))
            return [_person(f"requester:{act.requester}"), amount, _why(act.reason)]
        case house_acts.ChangeRatePolicy():
            labels = [PolicyForm.base_fields[name].label or name for name in ("jump", "spread")]
            return [
                Fact(
                    label,
                    formats.percent(Decimal(after) / BASIS_POINTS, decimals=2),
                    before=formats.percent(Decimal(before) / BASIS_POINTS, decimals=2),
                )
                for label, before, after in zip(labels, act.before, act.after, strict=True)
                if before != after
            ]
        case house_acts.ChangeTax():
            shares = [
                formats.percent(Decimal(one) / BASIS_POINTS, decimals=2) for one in (act.before, act.after)
            ]
            return [
                Fact(_("Country"), country_name(act.country)),
                Fact(_("Share of each withdrawal, in percent"), shares[1], before=shares[0]),
                Fact(_("Tax authority"), act.authority or "–", is_text=True),
            ]
        case _:
            return _of_vetting(act)


def _of_vetting(act: Act) -> list[Fact]:
    match act:
        case vetting_acts.AskTaxForm():
            who = country_name(act.country) if act.country else _("all other countries")
            labels = (_("Form"), _("Asked above so much paid in a tax year"), _("While it is missing"))
            pairs = zip(labels, _form_rule(act.after), _form_rule(act.before), strict=True)
            asked = [Fact(label, after, before=before) for label, after, before in pairs if after != before]
            return [Fact(_("People who live in"), who), *asked]
        case vetting_acts.ChangeTaxYear():
            of_year = (
                _("First month of the tax year"),
                _("Keep forms that no longer hold for so many years"),
            )
            return [
                Fact(label, formats.number(after), before=formats.number(before))
                for label, before, after in zip(of_year, act.before, act.after, strict=True)
                if before != after
            ]
        case vetting_acts.TakeList():
            count, was = formats.number(act.people), formats.number(act.before)
            return [
                Fact(_("List"), act.source, url=reverse("staff:sanctions"), is_text=True),
                Fact(_("People on it"), count, before=was),
                Fact(_("SHA-256 of the file"), act.digest, is_text=True),
            ]
        case vetting_acts.DecideHit():
            listed = Fact(_("On the list"), act.listed, is_text=True)
            return [_person(act.person), listed, _why(act.note)]
        case vetting_acts.ChangeLikeness():
            shown = [formats.number(one) for one in (act.before, act.after)]
            return [Fact(_("How like names must be, in percent"), shown[1], before=shown[0])]
        case _:
            raise AssertionError(act.kind)


def _form_rule(rule: Mapping[str, str | int]) -> tuple[str, str, str]:
    if not rule:
        return _("none"), "–", "–"
    above = formats.money(Money(int(rule["above_units"]), str(rule["currency"])))
    return str(FORMS[str(rule["form"])]), above, str(STEPS[str(rule["step"])])


def _policy_field(name: str, before: int, after: int) -> Fact:
    is_share = name.endswith("_basis_points")
    fields = MoneyForm.base_fields
    label = fields[name.replace("_basis_points", "_percent")].label or name
    if is_share:
        shown = [formats.percent(Decimal(value) / BASIS_POINTS, decimals=2) for value in (before, after)]
    elif name == "fees_in_cents":
        shown = [_("yes") if value else _("no") for value in (before, after)]
    elif name in ("many_places_from", "unclaimed_after_months"):
        shown = [formats.number(value) for value in (before, after)]
    else:
        shown = [formats.money(Money(value)) for value in (before, after)]
    return Fact(label, shown[1], before=shown[0])


def _terms_field(
    name: str, before: Mapping[str, rule_acts.Plain], after: Mapping[str, rule_acts.Plain]
) -> Fact:
    def shown(value: rule_acts.Plain) -> str:
        if value is None:
            return _("as for all kinds, or no limit")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return formats.money(Money(value))

    label = TermsForm.base_fields[name].label or name
    return Fact(label, shown(after[name]), before=shown(before[name]))


def _rate(text: str) -> str:
    rate = Decimal(text)
    exponent = rate.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return formats.number(rate, decimals=max(2, -exponent))


def _person(name: str) -> Fact:
    kind, _colon, public_id = name.partition(":")
    if kind == "worker":
        url = reverse("staff:worker", args=[public_id])
        return Fact(_("Worker"), public_id, url=url, is_text=True)
    return Fact(_("Requester"), public_id, url=f"{reverse('staff:people')}?q={public_id}", is_text=True)


def _unmatched(public_id: str) -> Fact:
    return Fact(_("Money without an owner"), public_id, url=reverse("staff:unmatched"), is_text=True)


def _journal(label: str, public_id: str) -> Fact:
    url = f"{reverse('staff:journal')}?subject={public_id}"
    return Fact(label, public_id, url=url, is_text=True)


def _why(reason: str) -> Fact:
    return Fact(_("Why"), reason.strip() or "–", is_text=True)


def _reference(reference: str) -> Fact:
    return Fact(_("Reference"), reference, is_text=True)

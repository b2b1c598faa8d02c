"""What is shown of acts that change a rule of the house, or what the law asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from tukro.kernel.money import BASIS_POINTS, Money
from tukro.money.actions.proposals import house_acts, rule_acts, vetting_acts
from tukro.money.actions.proposals.acts import Act
from tukro.web import formats
from tukro.web.staff.books.rates import CURRENCIES, PolicyForm
from tukro.web.staff.paying_out.payout_terms import TermsForm
from tukro.web.staff.policy import MoneyForm
from tukro.web.staff.two_persons.fact import Fact, Named, of_person, why
from tukro.web.words.places import country_name
from tukro.web.words.taxes import FORMS, STEPS


def of_rule(act: Act, named: Named) -> list[Fact]:
    """Of a rule: what changes of it, beside what it was."""
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
            return _of_house(act, named)


def _of_house(act: Act, named: Named) -> list[Fact]:
    match act:
        case house_acts.GiveUpDebt():
            amount = Fact(_("Amount"), formats.money(Money(act.units)))
            return [of_person(f"requester:{act.requester}", named), amount, why(act.reason)]
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
            return _of_vetting(act, named)


def _of_vetting(act: Act, named: Named) -> list[Fact]:
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
            return [of_person(act.person, named), listed, why(act.note)]
        case vetting_acts.ChangeLikeness():
            shown = [formats.number(one) for one in (act.before, act.after)]
            return [Fact(_("How like names must be, in percent"), shown[1], before=shown[0])]
        case _:
            raise AssertionError(act.kind)


def _form_rule(rule: Mapping[str, str | int]) -> tuple[str, str, str]:
    if not rule:
        return _("none"), "–", "–"
    units, currency = int(rule["above_units"]), str(rule["currency"])
    above = formats.money(Money(units, currency)) if units else _("before the first withdrawal")
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

"""What tax forms, their fields and faults are called on pages; for workers and for staff."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.vetting.models import TaxFormName, TaxStep
from tukro.vetting.rules.tax import TAX_FIELDS, FormName
from tukro.web.words.places import country_name

FORMS: dict[str, Promise] = {
    TaxFormName.W9: _("W-9 (persons of the United States)"),
    TaxFormName.W8BEN: _("W-8BEN (people outside the United States)"),
    TaxFormName.LOCAL: _("Tax details"),
}
STEPS: dict[str, Promise] = {
    TaxStep.HOLD: _("withdrawals wait until it is given"),
    TaxStep.ASK: _("the person is told; nothing waits"),
}
LABELS = {
    "name": _("Full name"),
    "business": _("Business name, if it has its own"),
    "kind": _("What you are for the tax"),
    "citizenship": _("Country of citizenship"),
    "address": _("Permanent address"),
    "country": _("Country where you pay tax"),
    "birth_date": _("Date of birth"),
    "tin": _("Tax number in your country (TIN)"),
    "no_tin": _("My country gives me no tax number, or does not ask me to have one"),
    "us_tin": _("Tax number in the United States (SSN, ITIN or EIN)"),
    "treaty_country": _("Country of a tax treaty that you use"),
    "treaty_article": _("Article and paragraph of the treaty"),
    "treaty_percent": _("Rate of tax under the treaty, in percent"),
    "agreed": _("I agree"),
    "signature": _("Sign by typing your full name"),
}
HELP = {
    "name": _("As the tax office knows you."),
    "address": _("Where you live: no post box, nobody else's address."),
    "tin": _(
        "In Bangladesh the 12 digits of your e-TIN, or your national identity number; in India your PAN."
    ),
    "us_tin": _("Nine digits."),
    "treaty_country": _("Leave the three fields empty if you do not know."),
    "signature": _("Exactly as above. The date of signing is today."),
}
AGREED = {
    "w9": _(
        "Under penalties of perjury: the tax number is mine and right, I am a person of the United States, "
        "and I am not subject to backup withholding. I agree to sign and to get papers electronically."
    ),
    "w8ben": _(
        "Under penalties of perjury: what I say here is true, the money is mine, and I am not a person of "
        "the United States. I tell you within 30 days if that changes. I agree to sign electronically."
    ),
    "local": _(
        "What I say here is true and complete. It is kept encrypted and given to the tax office where the "
        "law asks for it. I agree to sign electronically."
    ),
}
US_KINDS = {
    "individual": _("a person"),
    "sole_proprietor": _("a person with a business of their own"),
    "llc": _("a limited liability company (LLC)"),
    "c_corporation": _("a C corporation"),
    "s_corporation": _("an S corporation"),
    "partnership": _("a partnership"),
    "trust": _("a trust or an estate"),
}
FAULTS = {
    "missing": _("This field is required."),
    "too_long": _("At most %(limit)s characters."),
    "not_text": _("This has signs that cannot be printed."),
    "not_a_country": _("Choose a country."),
    "not_a_us_tin": _("This is not a tax number of the United States: nine digits."),
    "not_a_tin": _("This is not a tax number of that country. Check it on your papers."),
    "not_a_date": _("Write the date as year-month-day, for example 1995-03-26."),
    "not_of_age": _("This cannot be your date of birth."),
    "not_a_percent": _("A number from 0 to 99, for example 10."),
    "not_a_kind": _("Choose one."),
    "not_agreed": _("Without this we cannot take the form."),
    "other_signature": _("Type exactly the name above."),
    "tin_or_none": _("Give the number, or say below that you have none: one of the two."),
}


def in_words(form: str, details: Mapping[str, str]) -> list[tuple[Promise, str | Promise]]:
    """The answers of a form, field by field, in the order of the form; agreements are no answers."""
    lines: list[tuple[Promise, str | Promise]] = []
    names: FormName = form  # type: ignore[assignment]  # a form's name is one of them
    for field in TAX_FIELDS[names]:
        value = details.get(field.name)
        if value is None or field.name == "agreed":
            continue
        match field.shape:
            case "country":
                lines.append((LABELS[field.name], country_name(value)))
            case "kind":
                lines.append((LABELS[field.name], US_KINDS[value]))
            case "yes":
                lines.append((LABELS[field.name], _("yes")))
            case "percent":
                lines.append((LABELS[field.name], f"{value} %"))
            case "text" | "long_text" | "us_tin" | "tin" | "date":
                lines.append((LABELS[field.name], value))
    return lines

"""What each tax form asks, what is wrong with what was typed, how it is shown masked, how long it holds.

W-9 and W-8BEN ask what the forms of the United States ask (irs.gov: Form W-9, Form W-8BEN and their
instructions); ``local`` is a plain one for every other authority.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tukro.kernel.typed import ascii_digits, in_lines, in_one_line

FormName = Literal["w9", "w8ben", "local"]
TaxShape = Literal["text", "long_text", "country", "us_tin", "tin", "date", "kind", "percent", "yes"]
# Of what kind a person of the United States is; the first is nearly everyone here.
US_KINDS = ("individual", "sole_proprietor", "llc", "c_corporation", "s_corporation", "partnership", "trust")


@dataclass(frozen=True, slots=True)
class TaxField:
    """One thing that a form asks."""

    name: str
    shape: TaxShape
    required: bool = True
    max_length: int = 120


_NAME = TaxField("name", "text")
_ADDRESS = TaxField("address", "long_text", max_length=300)
_SIGNED = (TaxField("agreed", "yes"), TaxField("signature", "text"))
TAX_FIELDS: Mapping[FormName, tuple[TaxField, ...]] = {
    "w9": (
        _NAME,
        TaxField("business", "text", required=False),
        TaxField("kind", "kind"),
        _ADDRESS,
        TaxField("us_tin", "us_tin", max_length=9),
        *_SIGNED,
    ),
    "w8ben": (
        _NAME,
        TaxField("citizenship", "country", max_length=2),
        _ADDRESS,
        TaxField("country", "country", max_length=2),
        TaxField("birth_date", "date", max_length=10),
        TaxField("tin", "tin", required=False, max_length=30),
        TaxField("no_tin", "yes", required=False),
        TaxField("us_tin", "us_tin", required=False, max_length=9),
        TaxField("treaty_country", "country", required=False, max_length=2),
        TaxField("treaty_article", "text", required=False, max_length=60),
        TaxField("treaty_percent", "percent", required=False, max_length=5),
        *_SIGNED,
    ),
    "local": (
        _NAME,
        TaxField("country", "country", max_length=2),
        TaxField("tin", "tin", max_length=30),
        TaxField("birth_date", "date", max_length=10),
        _ADDRESS,
        *_SIGNED,
    ),
}
_NUMBERS = ("us_tin", "tin")
_YOUNGEST, _OLDEST = 13, 120  # years

TaxFault = Literal[
    "missing",
    "too_long",
    "not_text",
    "not_a_country",
    "not_a_us_tin",
    "not_a_tin",
    "not_a_date",
    "not_of_age",
    "not_a_percent",
    "not_a_kind",
    "not_agreed",
    "other_signature",
    "tin_or_none",
]


@dataclass(frozen=True, slots=True)
class TaxProblem:
    """What is wrong with one field; the words are chosen at the door."""

    field: str
    code: TaxFault
    limit: int = 0  # of too_long


def check_tax_form(
    form: FormName, details: Mapping[str, str], *, today: date
) -> tuple[dict[str, str], list[TaxProblem]]:
    """The details in clean form (digits of any script as 0-9, spaces tidied) and what is wrong with them.

    Fields that the form does not ask are left out; optional ones that were left empty too.
    """
    clean: dict[str, str] = {}
    problems: list[TaxProblem] = []
    for field in TAX_FIELDS[form]:
        value = _CLEANERS.get(field.shape, in_one_line)(details.get(field.name, ""))
        if problem := _problem(field, value, clean, today):
            problems.append(problem)
        elif value:
            clean[field.name] = value
    faulty = {problem.field for problem in problems}
    if "signature" in clean and "name" in clean and not _same(clean["signature"], clean["name"]):
        problems.append(TaxProblem("signature", "other_signature"))
    if form == "w8ben" and "tin" not in faulty and ("tin" in clean) == ("no_tin" in clean):
        problems.append(TaxProblem("tin", "tin_or_none"))
    return clean, problems


def masked_form(details: Mapping[str, str]) -> dict[str, str]:
    """Enough to recognise the form, too little to misuse it: numbers by their end, the birth by its year."""
    shown = dict(details)
    for name in _NUMBERS:
        if name in shown:
            shown[name] = masked_number(shown[name])
    if "birth_date" in shown:
        shown["birth_date"] = f"{shown['birth_date'][:4]}-••-••"
    return shown


def masked_number(number: str) -> str:
    return f"•••• {number[-4:]}" if len(number) > 6 else "••••"


def good_until(form: FormName, signed: date) -> date | None:
    """The last day of a form; None: until something in it changes.

    A W-8BEN holds through the third calendar year after the one in which it was signed.
    """
    return date(signed.year + 3, 12, 31) if form == "w8ben" else None


def year_of(day: date, *, first_month: int) -> int:
    """The tax year that a day lies in, named by the calendar year in which it begins."""
    return day.year if day.month >= first_month else day.year - 1


def _problem(field: TaxField, value: str, clean: Mapping[str, str], today: date) -> TaxProblem | None:
    if not value:
        code: TaxFault = "not_agreed" if field.shape == "yes" else "missing"
        return TaxProblem(field.name, code) if field.required else None
    if len(value) > field.max_length:
        return TaxProblem(field.name, "too_long", field.max_length)
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in value):
        return TaxProblem(field.name, "not_text")
    match field.shape:
        case "country" if not re.fullmatch(r"[A-Z]{2}", value):
            return TaxProblem(field.name, "not_a_country")
        case "us_tin" if not is_us_tin(value):
            return TaxProblem(field.name, "not_a_us_tin")
        case "tin" if not is_tin(value, clean.get("country", "")):
            return TaxProblem(field.name, "not_a_tin")
        case "kind" if value not in US_KINDS:
            return TaxProblem(field.name, "not_a_kind")
        case "percent" if not re.fullmatch(r"[0-9]{1,2}(?:\.[0-9]{1,2})?", value):
            return TaxProblem(field.name, "not_a_percent")
        case "date":
            return _born(field.name, value, today)
    return None


def _born(name: str, value: str, today: date) -> TaxProblem | None:
    try:
        born = date.fromisoformat(value)
    except ValueError:
        return TaxProblem(name, "not_a_date")
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return None if _YOUNGEST <= age <= _OLDEST else TaxProblem(name, "not_of_age")


def is_us_tin(number: str) -> bool:
    """Nine digits that can be a social security, individual or employer number.

    No group of a number is all zeros, no number begins with 666 (ssa.gov); nobody has nine equal digits.
    """
    if not re.fullmatch(r"[0-9]{9}", number) or len(set(number)) == 1:
        return False
    return not (number.startswith(("000", "666")) or number[3:5] == "00" or number.endswith("0000"))


_OWN_TINS = {
    "BD": r"[0-9]{12}|[0-9]{10}|[0-9]{13}|[0-9]{17}",  # e-TIN, or the national identity number
    "IN": r"[A-Z]{5}[0-9]{4}[A-Z]",  # PAN
    "US": r"[0-9]{9}",
}


def is_tin(number: str, country: str) -> bool:
    """A taxpayer's number as its country writes them; 4 to 30 letters and digits where we do not know how."""
    return re.fullmatch(_OWN_TINS.get(country, r"[A-Z0-9]{4,30}"), number) is not None


def _number(value: str) -> str:
    """Digits of any script as 0-9, without the spaces, dashes and slashes that people group them with."""
    return re.sub(r"[\s\-–./]", "", ascii_digits(value)).upper()


def _yes(value: str) -> str:
    return "yes" if value and value not in ("False", "no", "0") else ""


def _same(one: str, other: str) -> bool:
    return in_one_line(one).casefold() == in_one_line(other).casefold()


_CLEANERS: Mapping[TaxShape, Callable[[str], str]] = {
    "long_text": in_lines,
    "country": _number,
    "us_tin": _number,
    "tin": _number,
    "date": lambda value: ascii_digits(value).strip(),
    "percent": lambda value: ascii_digits(value).strip(),
    "yes": _yes,
}

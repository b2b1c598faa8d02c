"""What a worker must tell to be paid by each kind, what is wrong with it, and how it is shown masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PayoutKindName = Literal["bank", "bkash", "paypal", "cheque"]
FieldShape = Literal["text", "long_text", "account_number", "bkash_number", "email"]


@dataclass(frozen=True, slots=True)
class PayoutField:
    """One thing that a way of paying needs to know."""

    name: str
    shape: FieldShape
    required: bool = True
    max_length: int = 120


PAYOUT_FIELDS: Mapping[PayoutKindName, tuple[PayoutField, ...]] = {
    "bank": (
        PayoutField("account_name", "text"),
        PayoutField("account_number", "account_number", max_length=34),
        PayoutField("bank", "text"),
        PayoutField("branch", "text"),
        PayoutField("routing_number", "account_number", required=False, max_length=20),
    ),
    "bkash": (PayoutField("number", "bkash_number", max_length=20),),
    "paypal": (PayoutField("email", "email", max_length=254),),
    "cheque": (
        PayoutField("payee", "text"),
        PayoutField("address", "long_text", max_length=500),
    ),
}

ProblemCode = Literal["missing", "too_long", "not_a_number", "not_a_bkash_number", "not_an_email", "not_text"]


@dataclass(frozen=True, slots=True)
class DetailProblem:
    """What is wrong with one field; the words are chosen at the door."""

    field: str
    code: ProblemCode
    limit: int = 0  # of too_long


def check_payout_details(
    kind: PayoutKindName, details: Mapping[str, str]
) -> tuple[dict[str, str], list[DetailProblem]]:
    """The details in clean form (digits of any script as 0-9, spaces tidied) and what is wrong with them.

    Fields that the kind does not know are left out; optional ones that were left empty too.
    """
    clean: dict[str, str] = {}
    problems: list[DetailProblem] = []
    for field in PAYOUT_FIELDS[kind]:
        value = _CLEANERS[field.shape](details.get(field.name, ""))
        if problem := _problem(field, value):
            problems.append(problem)
        elif value:
            clean[field.name] = value
    return clean, problems


def masked(kind: PayoutKindName, details: Mapping[str, str]) -> str:
    """Enough to recognise a payout method, too little to misuse it: ``•••• 6789``."""
    match kind:
        case "bank":
            return _last_four(details["account_number"])
        case "bkash":
            return _last_four(details["number"])
        case "paypal":
            name, _, host = details["email"].partition("@")
            return f"{name[0]}•••@{host}"
        case "cheque":
            return details["payee"]


def _problem(field: PayoutField, value: str) -> DetailProblem | None:
    if not value:
        return DetailProblem(field.name, "missing") if field.required else None
    if len(value) > field.max_length:
        return DetailProblem(field.name, "too_long", field.max_length)
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in value):
        return DetailProblem(field.name, "not_text")
    code, pattern = _PATTERNS.get(field.shape, (None, None))
    if code and pattern and not pattern.fullmatch(value):
        return DetailProblem(field.name, code)
    return None


def _one_line(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())


def _lines(value: str) -> str:
    lines = (_one_line(line) for line in value.splitlines())
    return "\n".join(line for line in lines if line)


def _number(value: str) -> str:
    """Digits of any script as 0-9, without the spaces and dashes that people group them with."""
    digits = "".join(str(unicodedata.decimal(char, char)) for char in value)
    return re.sub(r"[\s\-–.]", "", digits).upper()


def _bkash_number(value: str) -> str:
    """The eleven digits of a mobile number, whether or not it was written with the country's code."""
    return re.sub(r"^(?:\+|00)?88(?=01)", "", _number(value))


def _last_four(number: str) -> str:
    return f"•••• {number[-4:]}" if len(number) > 4 else "••••"


_CLEANERS = {
    "text": _one_line,
    "long_text": _lines,
    "account_number": _number,
    "bkash_number": _bkash_number,
    "email": _one_line,
}
_PATTERNS: dict[FieldShape, tuple[ProblemCode, re.Pattern[str]]] = {
    "account_number": ("not_a_number", re.compile(r"[A-Z0-9]{4,}")),  # IBANs have letters
    "bkash_number": ("not_a_bkash_number", re.compile(r"01[3-9][0-9]{8}")),
    "email": ("not_an_email", re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")),
}

"""What a worker must tell to be paid by each kind, what is wrong with it, and how it is shown masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tukro.kernel.typed import ascii_digits, in_lines, in_one_line, is_mail_address

PayoutKindName = Literal[
    "bank",  # in Bangladesh, by BEFTN
    "bkash",
    "nagad",
    "rocket",
    "topup",  # of a mobile phone
    "paypal",
    "payoneer",
    "skrill",  # once Moneybookers
    "wise",
    "amazon",  # a gift card
    "swift",  # a bank account in any country
    "cheque",
]
PAYOUT_KINDS: Final[tuple[PayoutKindName, ...]] = get_args(PayoutKindName)
FieldShape = Literal[
    "text",
    "long_text",
    "account_number",
    "any_account",
    "routing_number",
    "bic",
    "country",
    "mobile",
    "rocket_number",
    "operator",
    "latin_name",
    "email",
]


@dataclass(frozen=True, slots=True)
class PayoutField:
    """One thing that a way of paying needs to know."""

    name: str
    shape: FieldShape
    required: bool = True
    max_length: int = 120


_EMAIL = (PayoutField("email", "email", max_length=254),)
_MOBILE = (PayoutField("number", "mobile", max_length=20),)
PAYOUT_FIELDS: Mapping[PayoutKindName, tuple[PayoutField, ...]] = {
    "bank": (
        PayoutField("account_name", "latin_name"),
        PayoutField("account_number", "account_number", max_length=17),  # BEFTN's own limit
        PayoutField("bank", "text"),
        PayoutField("branch", "text"),
        PayoutField("routing_number", "routing_number", max_length=9),
    ),
    "bkash": _MOBILE,
    "nagad": _MOBILE,
    "rocket": (PayoutField("number", "rocket_number", max_length=20),),
    "topup": (*_MOBILE, PayoutField("operator", "operator", required=False, max_length=30)),
    "paypal": _EMAIL,
    "payoneer": _EMAIL,
    "skrill": _EMAIL,
    "wise": (PayoutField("account_name", "text"), *_EMAIL),
    "amazon": _EMAIL,
    "swift": (
        PayoutField("account_name", "latin_name"),
        PayoutField("account_number", "any_account", max_length=34),
        PayoutField("bank", "text"),
        PayoutField("bic", "bic", max_length=11),
        PayoutField("country", "country", max_length=2),
    ),
    "cheque": (
        PayoutField("payee", "text"),
        PayoutField("address", "long_text", max_length=500),
    ),
}

OWNER_FIELDS = ("account_name", "payee")  # of those, the ones that name whose it is

ProblemCode = Literal[
    "missing",
    "too_long",
    "not_a_number",
    "not_an_iban",
    "not_a_routing_number",
    "not_a_bic",
    "not_a_country",
    "not_a_mobile_number",
    "not_an_operator",
    "not_latin",
    "not_an_email",
    "not_text",
]


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
        value = _CLEANERS.get(field.shape, in_one_line)(details.get(field.name, ""))
        if problem := _problem(field, value):
            problems.append(problem)
        elif value:
            clean[field.name] = value
    return clean, problems


def masked(kind: PayoutKindName, details: Mapping[str, str]) -> str:
    """Enough to recognise a payout method, too little to misuse it: ``•••• 6789``."""
    match kind:
        case "bank" | "swift":
            return _last_four(details["account_number"])
        case "bkash" | "nagad" | "rocket" | "topup":
            return _last_four(details["number"])
        case "paypal" | "payoneer" | "skrill" | "wise" | "amazon":
            name, _, host = details["email"].partition("@")
            return f"{name[0]}•••@{host}"
        case "cheque":
            return details["payee"]


def identity_of(kind: PayoutKindName, details: Mapping[str, str]) -> str:
    """Who is behind clean details, written in one way however a person wrote it.

    A phone's number is one identity for every wallet: wallets know their people by the same SIM card.
    """
    match kind:
        case "bank":
            return f"bank:{details.get('routing_number', '')}:{details['account_number']}"
        case "bkash" | "nagad" | "rocket" | "topup":
            return f"phone:+880{details['number'][1:11]}"
        case "paypal" | "payoneer" | "skrill" | "wise" | "amazon":
            return f"{kind}:{details['email'].lower()}"
        case "swift":
            account = details["account_number"]
            return f"iban:{account}" if is_iban(account) else f"swift:{details['bic'][:8]}:{account}"
        case "cheque":
            said = f"{details['payee']}:{details['address']}".casefold()
            return "cheque:" + "".join(char for char in said if char.isalnum())


# Whose prefix a number has; since 2018 numbers move between operators and keep it.
_PREFIXES: Mapping[str, str] = {
    "013": "Grameenphone",
    "014": "Banglalink",
    "015": "Teletalk",
    "016": "Airtel",
    "017": "Grameenphone",
    "018": "Robi",
    "019": "Banglalink",
}
OPERATORS = tuple(sorted(set(_PREFIXES.values())))
_ALSO_CALLED = {"gp": "Grameenphone", "grameen": "Grameenphone", "bl": "Banglalink"}


def operator_of(details: Mapping[str, str]) -> str:
    """Who tops a phone up: the operator that its owner named, else the one that its prefix was given to."""
    return details.get("operator") or _PREFIXES[details["number"][:3]]


def is_routing_number(text: str) -> bool:
    """Bank (3), district (2), branch (3) and a check digit: 5-7-1 weights over all nine sum to a ten."""
    if not re.fullmatch(r"[0-9]{9}", text):
        return False
    weights = (5, 7, 1, 5, 7, 1, 5, 7, 1)
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 10 == 0


def is_iban(text: str) -> bool:
    """ISO 13616: country, two check digits, the account; the whole is 1 modulo 97."""
    if not _LIKE_AN_IBAN.fullmatch(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 .,&'()/\-]*")  # what BEFTN and SWIFT carry
_LIKE_AN_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def _problem(field: PayoutField, value: str) -> DetailProblem | None:
    if not value:
        return DetailProblem(field.name, "missing") if field.required else None
    if len(value) > field.max_length:
        return DetailProblem(field.name, "too_long", field.max_length)
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in value):
        return DetailProblem(field.name, "not_text")
    if field.shape in _CHECKS:
        code, holds = _CHECKS[field.shape]
        if not holds(value):
            return DetailProblem(field.name, code)
    if field.shape == "any_account" and _LIKE_AN_IBAN.fullmatch(value) and not is_iban(value):
        return DetailProblem(field.name, "not_an_iban")
    return None


def _number(value: str) -> str:
    """Digits of any script as 0-9, without the spaces and dashes that people group them with."""
    return re.sub(r"[\s\-–.]", "", ascii_digits(value)).upper()


def _mobile(value: str) -> str:
    """The eleven digits of a mobile number, whether or not it was written with the country's code."""
    return re.sub(r"^(?:\+|00)?88(?=01)", "", _number(value))


def _operator(value: str) -> str:
    """The operator's own name, however somebody wrote it; what is none of them stays as it is."""
    tidy = in_one_line(value)
    known = {name.lower(): name for name in OPERATORS} | _ALSO_CALLED
    return known.get(tidy.lower().replace(" ", ""), tidy)


def _last_four(number: str) -> str:
    return f"•••• {number[-4:]}" if len(number) > 4 else "••••"


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _is_latin(value: str) -> bool:
    return _LATIN_NAME.fullmatch(without_accents(value)) is not None


def without_accents(name: str) -> str:
    """As old bank systems want it: ``José`` is ``Jose``. Other scripts stay as they are."""
    apart = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize("NFC", "".join(char for char in apart if not 0x300 <= ord(char) < 0x370))


_CLEANERS: Mapping[FieldShape, Callable[[str], str]] = {
    "long_text": in_lines,
    "account_number": _number,
    "any_account": _number,
    "routing_number": _number,
    "bic": _number,
    "country": _number,
    "mobile": _mobile,
    "rocket_number": _mobile,
    "operator": _operator,
}
_ACCOUNT = r"(?=.*[0-9])[A-Z0-9]{4,}"  # letters alone are a word, not a number
_CHECKS: Mapping[FieldShape, tuple[ProblemCode, Callable[[str], bool]]] = {
    "account_number": ("not_a_number", _like(_ACCOUNT)),
    "any_account": ("not_a_number", _like(_ACCOUNT)),
    "routing_number": ("not_a_routing_number", is_routing_number),
    "bic": ("not_a_bic", _like(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")),
    "country": ("not_a_country", _like(r"[A-Z]{2}")),
    "mobile": ("not_a_mobile_number", _like(r"01[3-9][0-9]{8}")),
    "rocket_number": ("not_a_mobile_number", _like(r"01[3-9][0-9]{8}[0-9]?")),  # and its check digit
    "operator": ("not_an_operator", lambda value: value in OPERATORS),
    "latin_name": ("not_latin", _is_latin),
    "email": ("not_an_email", is_mail_address),  # it is written to when another place is added
}

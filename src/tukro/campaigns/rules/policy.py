"""What no task may ask for: passwords, one-time codes, card and identity numbers.

A text is refused when one sentence both names such a thing and asks for it ("enter your password"); a
sentence that warns ("never give your PIN") is fine. A field's own name or label needs no asking words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A thing that may not be asked for; ``word`` is how the text put it."""

    rule: str  # password, one_time_code, card, identity
    word: str


_THINGS = {
    "password": (
        r"pass\s?words?",
        r"pass\s?codes?",
        r"pass\s?phrases?",
        r"pin (?:code|number)s?",
        r"(?:bkash|nagad|rocket|atm|account|wallet) pin",
        r"log-?in (?:details|credentials)",
        r"credentials",
        r"seed phrases?",
        r"private keys?",
        "পাসওয়ার্ড",
        "পাসকোড",
        "গোপন পিন",
        "পিন (?:নম্বর|নাম্বার|কোড)",
        "(?:বিকাশ|নগদ|রকেট)(?:ের)? পিন",
    ),
    "one_time_code": (
        r"otps?",
        r"one[- ]time (?:pass)?(?:codes?|words?|pins?)",
        r"(?:sms|text message|2fa|two[- ]factor|authenticator|login) codes?",
        "ওটিপি",
        "এককালীন (?:কোড|পাসওয়ার্ড)",
        "এসএমএস কোড",
    ),
    "card": (
        r"(?:credit|debit|bank|atm|visa|master)[- ]?card (?:number|no|detail|info|data)\w*",
        r"card (?:number|no\.|details?)",
        r"cvv2?",
        r"cvc2?",
        r"card expiry",
        "কার্ড(?:ের)? (?:নম্বর|নাম্বার|তথ্য)",
        "সিভিভি",
    ),
    "identity": (
        r"nid",
        r"n\.i\.d",
        r"national (?:id|identity)(?: (?:card|number|no))?",
        r"passport (?:number|no|copy|photo|scan)",
        r"(?:photo|scan|copy|picture) of (?:your|the|a) (?:nid|passport|id|identity card|driving licen[cs]e)",
        r"aadhaa?r",
        r"social security number",
        r"driving licen[cs]e number",
        "এনআইডি",
        "জাতীয় পরিচয় ?পত্র(?:ের)?",
        "ভোটার আইডি",
        "পাসপোর্ট(?:ের)? (?:নম্বর|নাম্বার|কপি|ছবি)",
        "আধার (?:নম্বর|নাম্বার|কার্ড)",
    ),
}
# Each of the things above contains one of these; looking for them is a hundred times quicker.
_STEMS = (
    *(
        "pass",
        "pin",
        "login",
        "log-in",
        "credential",
        "seed phrase",
        "private key",
        "otp",
        "one-time",
        "one time",
    ),
    *("sms", "text message", "2fa", "two-factor", "two factor", "authenticator", "card", "cvv", "cvc", "nid"),
    *("n.i.d", "national id", "photo of", "scan of", "copy of", "picture of", "aadha", "social sec", "licen"),
    *("পাস", "পিন", "ওটিপি", "এককালীন", "এসএমএস", "কার্ড", "সিভিভি", "এনআইডি", "পরিচয়", "ভোটার", "আধার"),
)
_ASKS = (
    r"\b(?:your|enter|give|type|provide|send|submit|share|write|fill in|upload|tell us|paste|supply|attach)\b"
    "|আপনার|তোমার|দিন|দিতে হবে|লিখুন|পাঠান|জানান|আপলোড করুন|জমা দিন|শেয়ার করুন"
)
_WARNS = (
    r"\b(?:never|do not|don't|don’t|must not|no need|without|not asked|will not ask|won't ask|won’t ask)\b"
    "|কখনও|কখনোই|কখনো|দেবেন না|দিবেন না|দেওয়ার দরকার নেই|লিখবেন না|পাঠাবেন না|চাওয়া হবে না|শেয়ার করবেন না|ছাড়া"
)


def _nfc(pattern: str) -> str:
    return unicodedata.normalize("NFC", pattern)


def _whole(patterns: Iterable[str]) -> re.Pattern[str]:
    # A Latin word must stand alone; a Bengali one may carry a case ending.
    joined = "|".join(rf"(?<![A-Za-z]){p}(?![A-Za-z])" if p.isascii() else p for p in map(_nfc, patterns))
    return re.compile(joined, re.I)


_FOLDED_STEMS = tuple(map(_nfc, _STEMS))
_FORBIDDEN = {rule: _whole(patterns) for rule, patterns in _THINGS.items()}
_ASKING = re.compile(_nfc(_ASKS), re.I)
_WARNING = re.compile(_nfc(_WARNS), re.I)
_SENTENCE_END = re.compile(r"[.!?।\n;]+(?:\s|$)|\n")


def asked_in_text(text: str) -> Forbidden | None:
    """The first forbidden thing that a sentence of ``text`` asks for."""
    text = _nfc(text)
    for sentence in _SENTENCE_END.split(text) if _may_name(text) else ():
        found = _named(sentence)
        if found and _ASKING.search(sentence) and not _WARNING.search(sentence):
            return found
    return None


def asked_by_field(*names: str) -> Forbidden | None:
    """The forbidden thing that a field asks for by its name, label or placeholder alone."""
    for name in names:
        # "account_password" and "cardNumber" are words run together.
        spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").replace("-", " ")
        found = _named(_nfc(spaced)) or _named(_nfc(name))
        if found and not _WARNING.search(_nfc(spaced)):
            return found
    return None


def _may_name(text: str) -> bool:
    # What re.I takes for a letter of ours: capitals, the long s and the Kelvin sign (folding makes them the
    # same), and the Turkish i's (it does not).
    folded = text.translate({0x130: "i", 0x131: "i"}).casefold()
    return any(stem in folded for stem in _FOLDED_STEMS)


def _named(text: str) -> Forbidden | None:
    if not _may_name(text):
        return None
    for rule, pattern in _FORBIDDEN.items():
        if match := pattern.search(text):
            return Forbidden(rule, match.group(0))
    return None

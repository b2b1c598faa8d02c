"""An amount in words, as cheques need it: ``Taka One Thousand Two Hundred and Fifteen Only``.

Taka and rupees count by thousand, lakh and crore, in either language; dollars and euros in English by
thousand and million. Bengali has a word of its own for every number below a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from tukro.kernel.money import SCALES, Money

_ENGLISH_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_WORDS = "ten twenty thirty forty fifty sixty seventy eighty ninety"
# The Bangla Academy's spelling.
_BENGALI_WORDS = (
    "শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয় "
    "দশ এগারো বারো তেরো চৌদ্দ পনেরো ষোলো সতেরো আঠারো উনিশ "
    "বিশ একুশ বাইশ তেইশ চব্বিশ পঁচিশ ছাব্বিশ সাতাশ আটাশ ঊনত্রিশ "
    "ত্রিশ একত্রিশ বত্রিশ তেত্রিশ চৌত্রিশ পঁয়ত্রিশ ছত্রিশ সাঁইত্রিশ আটত্রিশ ঊনচল্লিশ "
    "চল্লিশ একচল্লিশ বিয়াল্লিশ তেতাল্লিশ চুয়াল্লিশ পঁয়তাল্লিশ ছেচল্লিশ সাতচল্লিশ আটচল্লিশ ঊনপঞ্চাশ "
    "পঞ্চাশ একান্ন বায়ান্ন তিপ্পান্ন চুয়ান্ন পঞ্চান্ন ছাপ্পান্ন সাতান্ন আটান্ন ঊনষাট "
    "ষাট একষট্টি বাষট্টি তেষট্টি চৌষট্টি পঁয়ষট্টি ছেষট্টি সাতষট্টি আটষট্টি ঊনসত্তর "
    "সত্তর একাত্তর বাহাত্তর তিয়াত্তর চুয়াত্তর পঁচাত্তর ছিয়াত্তর সাতাত্তর আটাত্তর ঊনআশি "
    "আশি একাশি বিরাশি তিরাশি চুরাশি পঁচাশি ছিয়াশি সাতাশি অষ্টাশি ঊননব্বই "
    "নব্বই একানব্বই বিরানব্বই তিরানব্বই চুরানব্বই পঁচানব্বই ছিয়ানব্বই সাতানব্বই আটানব্বই নিরানব্বই"
)
_ENGLISH, _TENS, _BENGALI = _ENGLISH_WORDS.split(), _TENS_WORDS.split(), _BENGALI_WORDS.split()
# A step and its name, the largest first; what is left is below a thousand or a hundred.
_LAKHS = ((10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand"), (100, "hundred"))
_MILLIONS = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_BENGALI_STEPS = ((10_000_000, "কোটি"), (100_000, "লক্ষ"), (1_000, "হাজার"), (100, "শত"))
_NAMES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {
        "BDT": ("Taka", "Paisa"),
        "INR": ("Rupees", "Paise"),
        "USD": ("US Dollars", "Cents"),
        "EUR": ("Euros", "Cents"),
    },
    "bn": {
        "BDT": ("টাকা", "পয়সা"),
        "INR": ("রুপি", "পয়সা"),
        "USD": ("মার্কিন ডলার", "সেন্ট"),
        "EUR": ("ইউরো", "সেন্ট"),
    },
}


def amount_in_words(amount: Money, language: Literal["en", "bn"]) -> str:
    """``amount`` (not negative, whole hundredths) as a cheque writes it."""
    assert amount.units >= 0, "nobody writes a cheque over less than nothing"
    hundredths, rest = divmod(amount.units, 10 ** (SCALES[amount.currency] - 2))
    assert rest == 0, "payouts are whole hundredths"
    whole, part = divmod(hundredths, 100)
    large, small = _NAMES[language][amount.currency]
    if language == "bn":
        cents = f" {_bengali(part)} {small}" if part else ""
        return f"{_bengali(whole)} {large}{cents} মাত্র"
    steps = _LAKHS if amount.currency in ("BDT", "INR") else _MILLIONS
    cents = f" and {small} {_english(part, steps)}" if part else ""
    return f"{large} {_english(whole, steps)}{cents} Only"


def _english(number: int, steps: Sequence[tuple[int, str]]) -> str:
    return _counted(number, steps, _below_a_hundred, between=" and ").title().replace(" And ", " and ")


def _bengali(number: int) -> str:
    return _counted(number, _BENGALI_STEPS, _BENGALI.__getitem__, between=" ")


def _counted(
    number: int, steps: Sequence[tuple[int, str]], small: Callable[[int], str], *, between: str
) -> str:
    """The number by its steps; ``between`` stands before what is below a hundred."""
    said, left = "", number
    for size, name in steps:
        many, left = divmod(left, size)
        if many:
            said += f" {_counted(many, steps, small, between=between)} {name}"
    if left or not said:
        said += (between if said else "") + small(left)
    return said.strip()


def _below_a_hundred(number: int) -> str:
    if number < len(_ENGLISH):
        return _ENGLISH[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 1] + (f"-{_ENGLISH[ones]}" if ones else "")

"""How like two names are, however they are spelled and in whichever of our scripts.

A word is compared by its consonants: Mohammad and Muhammed, Rahman and Rehman, Hossain and
হোসেন are the same.
Vowels decide only between words of one script that differ much (Hasan and Hussein). Titles and initials do
not count. The likeness is Dice's: twice the words in common, by the words of both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "dr", "md", "mst", "mohd", "prof", "haji", "hajji", "sheikh", "shaikh", "al",
    "bin", "ibn", "bint", "abu", "জনাব", "মো", "মোঃ", "মোছা", "মোছাঃ", "মোসা", "মোসাঃ", "ডা", "ডাঃ", "শেখ", "হাজী",
})  # fmt: skip
_FORMS = frozenset({
    "ltd", "limited", "llc", "llp", "inc", "incorporated", "co", "company", "corp", "corporation", "plc",
    "pvt", "private", "gmbh", "ag", "sa", "srl", "bv", "nv", "oy", "ab", "jsc", "ooo", "pjsc", "fze", "fzc",
    "sdn", "bhd",
    "লিমিটেড", "লি", "কোম্পানি", "প্রাইভেট", "কোং",
})  # fmt: skip
_PAIRS = (
    ("kh", "k"), ("gh", "g"), ("ch", "C"), ("jh", "j"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("bh", "b"),
    ("sh", "s"), ("zh", "j"), ("ck", "k"), ("x", "ks"),
)  # fmt: skip
_SINGLE = {"q": "k", "c": "k", "z": "j", "v": "b", "w": "", "y": "", **dict.fromkeys("aeiou", "")}
_BENGALI = {
    **dict.fromkeys("কখ", "k"), **dict.fromkeys("গঘ", "g"), **dict.fromkeys("ঙঞনণং", "n"),
    **dict.fromkeys("চছ", "C"),
    **dict.fromkeys("জঝয", "j"), **dict.fromkeys("টঠতথৎ", "t"), **dict.fromkeys("ডঢদধ", "d"),
    "প": "p", "ফ": "f", **dict.fromkeys("বভ", "b"), "ম": "m", "র": "r", "ল": "l",
    **dict.fromkeys("শষস", "s"), "হ": "h",
}  # fmt: skip
_VOWELS = frozenset("aeiouঅআইঈউঊঋএঐওঔ")
_NOT_LETTERS = re.compile(r"[^\w\u0980-\u09ff]+|[\d_]+")
_ALIKE = 0.6  # of the letters of two words of one script


def name_words(name: str, *, firm: bool = False) -> list[str]:
    """The words of a name that count, in order, each once; of a firm without its legal form."""
    text = unicodedata.normalize("NFC", name).casefold()
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", text)
        if unicodedata.category(char) != "Mn" or "\u0980" <= char <= "\u09ff"
    )
    found = _NOT_LETTERS.split(unicodedata.normalize("NFC", plain.replace("'", "").replace("’", "")))
    left_out = _FORMS if firm else _TITLES
    return list(dict.fromkeys(word for word in found if len(word) > 1 and word not in left_out))


def skeleton(word: str) -> str:
    """What is left of a word without its vowels; a vowel that begins it is kept as ``a``."""
    start = "a" if word[:1] in _VOWELS else ""
    text = word
    for pair, one in _PAIRS:
        text = text.replace(pair, one)
    # Letters with a dot below are two code points in NFC.
    text = text.replace("য\u09bc", "").replace("ড\u09bc", "র").replace("ঢ\u09bc", "র")
    bones = "".join(_bone(char) for char in text)
    return start + re.sub(r"(.)\1+", r"\1", bones)


def name_keys(name: str, *, firm: bool = False) -> list[str]:
    """By which a name is found: the skeletons of its words, sorted."""
    return sorted({skeleton(word) for word in name_words(name, firm=firm)})


def likeness(one: str, other: str, *, firm: bool = False) -> int:
    """0 to 100: how much of both names is the same. A single word in common is never a person."""
    first, second = name_words(one, firm=firm), name_words(other, firm=firm)
    if not first or not second:
        return 0
    left, common = list(second), 0
    for word in first:
        found = next((candidate for candidate in left if _same(word, candidate)), None)
        if found is not None:
            left.remove(found)
            common += 1
    if common < 2 and (len(first), len(second)) != (1, 1):
        return 0
    return round(200 * common / (len(first) + len(second)))


def births_agree(born: int | None, listed: Iterable[int]) -> bool:
    """Whether a year of birth can be one of those listed, give or take one; yes when either is unknown."""
    years = list(listed)
    return born is None or not years or any(abs(born - year) <= 1 for year in years)


def _bone(char: str) -> str:
    if char in _BENGALI:
        return _BENGALI[char]
    if char.isascii():
        return _SINGLE.get(char, char)
    return char if unicodedata.category(char)[0] == "L" and not "\u0980" <= char <= "\u09ff" else ""


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if skeleton(one) != skeleton(other):
        return False
    if one.isascii() != other.isascii():  # two scripts: the consonants are all that can be compared
        return True
    if min(len(one), len(other)) <= 3:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE

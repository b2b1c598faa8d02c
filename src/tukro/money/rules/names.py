"""Whether two spellings name one person."""

from __future__ import annotations

import re
import unicodedata

_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "md", "mst", "mohd", "জনাব", "মোঃ", "মো", "মোছাঃ", "মোছা", "ডা", "ডাঃ"}
)
_BETWEEN = re.compile(r"[\s.,:\-']+")


def names_agree(one: str, other: str) -> bool:
    """The same words in any order and case; titles (Md., মোঃ) may be missing on either side.

    Names in two scripts do not agree: nobody can tell by rule, so another proof has to.
    """
    first, second = _words(one), _words(other)
    return bool(first) and first == second


def _words(name: str) -> frozenset[str]:
    text = unicodedata.normalize("NFKC", name).casefold()
    return frozenset(word for word in _BETWEEN.split(text) if word and word not in _TITLES)

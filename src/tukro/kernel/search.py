"""What people type into a search box, as PostgreSQL's text search reads it."""

from __future__ import annotations

import unicodedata

MAX_WORDS = 10


def words_query(text: str) -> str:
    """What people type as a text-search query: all words, each as the beginning of one.

    Written in NFC like the index; Bengali's endings hang on the word, so a beginning finds them all.
    """
    words = unicodedata.normalize("NFC", text.replace("\0", " ")).split()[:MAX_WORDS]
    return " & ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "':*" for word in words)

"""AnswerFormatRegex: JavaScript's patterns, searched for with a time limit (mturk-api 8.1).

The ``regex`` module can stop a search that takes too long, which Python's own cannot. Its language differs
from JavaScript's in a handful of signs; ``_translated`` writes those anew.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import regex

MAX_PATTERN: Final = 1000
TIME_LIMIT: Final = 0.25  # seconds for one search

# Texts on which a pattern that explodes does so.
_PROBES: Final = ("", "a" * 64 + "!", "0" * 64 + "!", " " * 64 + "!", "aA0 " * 16 + "!")


class PatternTooSlow(Exception):
    """The search was stopped: nobody knows whether the text matches."""


def fault(pattern: str, *, ignore_case: bool = False) -> str:
    """Why ``pattern`` cannot be used, in a few words; '' when it can."""
    if len(pattern) > MAX_PATTERN:
        return f"it is longer than {MAX_PATTERN} characters"
    try:
        _compiled(pattern, ignore_case)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        return str(error) or "it is not a regular expression"
    try:
        for probe in _PROBES:
            found(pattern, probe, ignore_case=ignore_case)
    except PatternTooSlow:
        return "it takes too long"
    return ""


def found(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether ``pattern`` is found anywhere in ``text``. Raises PatternTooSlow."""
    try:
        return _compiled(pattern, ignore_case).search(text, timeout=TIME_LIMIT) is not None
    except TimeoutError:
        raise PatternTooSlow from None


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str, ignore_case: bool) -> regex.Pattern[str]:
    flags = regex.VERSION0 | (regex.IGNORECASE if ignore_case else 0)
    return regex.compile(_translated(pattern), flags)


def _translated(pattern: str) -> str:
    """JavaScript's pattern in the words of the ``regex`` module."""
    # `$` is the very end in JavaScript, and `\\d` and `\\w` know ASCII only.
    return re.sub(r"\\.|\$", lambda found: r"\Z" if found.group() == "$" else found.group(), pattern)

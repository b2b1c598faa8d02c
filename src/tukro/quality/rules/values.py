"""Answers as they are compared: as sets of values.

White space around a value does not count, everything else does. The house stores the check boxes of one name
joined with ``|`` (questions/answers.py), so a text is taken apart at that sign, in answers and keys alike.
"""

from __future__ import annotations

from collections.abc import Iterable

Values = frozenset[str]

_SEPARATOR = "|"


def values_of(text: str) -> Values:
    """An answer as the set that is compared; empty values are no values."""
    return frozenset(filter(None, (part.strip() for part in text.split(_SEPARATOR))))


def union(values: Iterable[object]) -> Values:
    return frozenset[str]().union(*(values_of(str(value)) for value in values))


def written(answer: Values) -> str:
    return _SEPARATOR.join(sorted(answer))

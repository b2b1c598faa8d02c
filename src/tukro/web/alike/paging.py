"""Lists page by page: where the last page ended stands in the address as ``after``, and may be rubbish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from django.http import HttpRequest

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)
_MOST_DIGITS = 18  # what the database's largest number of a row has at least


class Rows(Protocol[Row_co]):
    """A query set or a list."""

    def __getitem__(self, part: slice, /) -> Iterable[Row_co]: ...


def row_number(text: str) -> int | None:
    """The number of a row; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def page_ended_at(request: HttpRequest) -> int | None:
    """The number of the row after which the page goes on; None at the beginning."""
    return row_number(request.GET.get("after", ""))


def one_page(rows: Rows[Row], size: int, mark: Callable[[Row], object]) -> tuple[list[Row], str]:
    """The first ``size`` of ``rows``, and the ``mark`` of the last one if more follow, else ''.

    One row more than is shown tells whether more follow: a query with a limit of its own is asked for it.
    """
    found = list(rows[: size + 1])
    shown = found[:size]
    return shown, str(mark(shown[-1])) if len(found) > size else ""

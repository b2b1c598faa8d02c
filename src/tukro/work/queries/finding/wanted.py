"""What somebody is looking for in the open list: the page's filters, and what a saved search keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tukro.kernel.money import Money

_MONEY = frozenset(("min_reward", "min_hourly"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of ``open_groups``; what is falsy filters nothing."""

    search: str = ""
    category: str = ""
    language: str = ""  # what is written in neither script is under none
    min_reward: Money | None = None
    min_hourly: Money | None = None  # as measured, so groups with too few measurements are left out
    longest: int | None = None  # seconds that a task takes, as measured or as the requester says
    on_phone: bool = False
    qualified_only: bool = False
    favourites: bool = False  # only what the worker likes
    for_groups: bool = False  # only work of hire groups
    requester_id: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """Those that filter, by their names."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in given.items() if value}

    @property
    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it, money in its smallest units."""
        return {name: value.units if name in _MONEY else value for name, value in self.asked.items()}


EVERYTHING = Wanted()


def read_wanted(plain: Mapping[str, Any]) -> Wanted:
    """What ``plain`` wrote; names of another version are left out."""
    known = {one.name for one in fields(Wanted)}
    given: dict[str, Any] = {name: plain[name] for name in known & plain.keys()}
    given |= {name: Money(given[name]) for name in _MONEY & given.keys()}
    return Wanted(**given)

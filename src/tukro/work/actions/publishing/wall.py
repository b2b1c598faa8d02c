"""Walls: a task made with few places does not grow to many, because each of many may cost more."""

from __future__ import annotations

from tukro.kernel.errors import Refused
from tukro.money.queries import policy as house_policy
from tukro.work.rules import PLACES_WALL


class BelowWall(Refused):
    """A task made with fewer places than the wall stays below it. ``places`` it has now, ``wall``."""


def walls() -> list[int]:
    """MTurk’s, whatever the fees (mturk-api 6.8), and where the house's own surcharge begins."""
    policy = house_policy()
    surcharged = policy.many_places_from if policy.many_places_basis_points else 0
    return sorted({PLACES_WALL, surcharged or PLACES_WALL})


def refuse_beyond_wall(*, places: int, wanted: int) -> None:
    """Refuses BelowWall when a task of so many places is to have as many as ``wanted``."""
    for wall in walls():
        if places < wall <= wanted:
            raise BelowWall(places=places, wall=wall)

"""Walls: a task made with few places does not grow to many, because each of many may cost more."""

from __future__ import annotations

from tukro.kernel.errors import Refused
from tukro.money.queries import policy as house_policy
from tukro.work.rules import PLACES_WALL


class BelowWall(Refused):
    """A task made with fewer places than the wall stays below it. ``places`` it has now, ``wall``."""


def surcharge_wall() -> int | None:
    """From how many places on the house takes more; None where it never does."""
    policy = house_policy()
    return policy.many_places_from if policy.many_places_basis_points else None


def refuse_beyond_walls(*, places: int, wanted: int) -> None:
    """For one task: MTurk's wall stands whatever the fees (mturk-api 6.8), beside the house's own.

    Refuses BelowWall.
    """
    for wall in sorted({PLACES_WALL, surcharge_wall() or PLACES_WALL}):
        refuse_beyond(wall, places=places, wanted=wanted)


def refuse_beyond(wall: int, *, places: int, wanted: int) -> None:
    """Refuses BelowWall when a task of so many places is to have as many as ``wanted``."""
    if places < wall <= wanted:
        raise BelowWall(places=places, wall=wall)

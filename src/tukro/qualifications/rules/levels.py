"""Levels: what a worker's decided work proves about the next piece of it. And the rule of the success rate.

A level is a promise with confidence: of the work that was decided, the newest weighs most, and what is
compared is not the share approved but the share that it proves, so that few decisions prove little. Work that
waits for review, or whose rejection can still be appealed against, counts for nobody and against nobody.

No requester carries a level alone: whichever one is left out, a part of the work must remain, and of that the
same share must be approved. A friend with an account who approves everything opens nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HALF_LIFE: Final = 100  # decisions: the one before so many others weighs half of the newest
REACH: Final = 1000  # decisions that are looked at; what is older would weigh less than a thousandth
CONFIDENCE: Final = 1.645  # one-sided 95 percent
OTHERS: Final = 4  # of this many decisions that a level needs, one must be another requester's


@dataclass(frozen=True, slots=True)
class Level:
    """``decided``: so many decisions at least; ``proved``: the share that they must prove, in percent."""

    no: int
    decided: int
    proved: int

    @property
    def share(self) -> float:
        return self.proved / 100

    @property
    def others(self) -> int:
        """So many decisions at least must remain when any one requester's are left out."""
        return math.ceil(self.decided / OTHERS)


LEVELS: Final = (
    Level(1, decided=10, proved=70),
    Level(2, decided=50, proved=85),
    Level(3, decided=150, proved=90),
    Level(4, decided=400, proved=94),
    Level(5, decided=800, proved=96),
)
HIGHEST: Final = LEVELS[-1].no


@dataclass(frozen=True, slots=True)
class Weighed:
    """A worker's latest decisions: how many, their weights added up, and the weights of the approvals.

    ``others``: how many remain without the requester who decided most of them; ``others_percent``: the
    smallest share approved, by weight, of what remains when any one requester is left out.
    """

    decided: int = 0
    weight: float = 0.0
    good: float = 0.0
    others: int = 0
    others_percent: float = 0.0


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a level still needs: so many more decisions at least, so many of them of other requesters.

    ``proved`` and ``others_percent`` are what there is of the level's share, in percent.
    """

    level: Level
    decided: int
    proved: float
    others: int
    others_percent: float


def weight_of(place: int) -> float:
    """Of the decision at ``place``, the newest being 0."""
    return float(0.5 ** (place / HALF_LIFE))


def weigh(newest_first: Sequence[bool], requesters: Sequence[int] | None = None) -> Weighed:
    """What SQL adds up, said in Python: True is an approval.

    ``requesters``: who decided each; None: every decision is another requester's.
    """
    latest = newest_first[:REACH]
    deciders = range(len(latest)) if requesters is None else requesters[:REACH]
    decided = Counter(deciders)
    weights, goods = dict.fromkeys(decided, 0.0), dict.fromkeys(decided, 0.0)
    for place, (who, approved) in enumerate(zip(deciders, latest, strict=True)):
        weights[who] += weight_of(place)
        goods[who] += weight_of(place) * approved
    weight, good = sum(weights.values()), sum(goods.values())
    remaining = {who: len(latest) - count for who, count in decided.items()}
    shares = [
        100 * (good - goods[who]) / (weight - weights[who]) for who, remains in remaining.items() if remains
    ]
    others = min(remaining.values(), default=0)
    return Weighed(len(latest), weight, good, others, min(shares, default=0.0))


def proved(weighed: Weighed) -> float:
    """The share of good work, in percent, that the decisions prove: Wilson's lower bound."""
    n = weighed.weight
    if n <= 0:
        return 0.0
    share, z2 = min(weighed.good / n, 1.0), CONFIDENCE**2
    middle = share + z2 / (2 * n)
    margin = CONFIDENCE * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return 100 * max(0.0, (middle - margin) / (1 + z2 / n))


def level_of(weighed: Weighed) -> int:
    """The highest level whose conditions hold, with all below it; 0 is where everybody begins."""
    share, reached = proved(weighed), 0
    for level in LEVELS:
        if weighed.decided < level.decided or share < level.proved:
            break
        if weighed.others < level.others or weighed.others_percent < level.proved:
            break
        reached = level.no
    return reached


def ahead(weighed: Weighed) -> Ahead | None:
    """What the next level asks beyond what there is; None at the top."""
    reached = level_of(weighed)
    if reached == HIGHEST:
        return None
    level = LEVELS[reached]
    missing = max(0, level.decided - weighed.decided)
    others = max(0, level.others - weighed.others)
    return Ahead(level, missing, proved(weighed), others, weighed.others_percent)


def level_asked(reward: int, thresholds: list[int]) -> int:
    """Which level the house asks for work of this reward: the highest whose threshold the reward reaches.

    ``thresholds``: one amount per level from 1, in the units of the reward; 0 asks nothing.
    """
    asked = [no for no, least in enumerate(thresholds, start=1) if least and reward >= least]
    return max(asked, default=0)


@dataclass(frozen=True, slots=True)
class SuccessRule:
    """Who falls below ``least_percent`` of ``minimum`` or more decisions in ``window_days`` takes a pause."""

    is_on: bool
    least_percent: int
    window_days: int
    minimum: int
    pause_days: int


def must_pause(rule: SuccessRule, *, approved: int, rejected: int) -> bool:
    """Whether the decisions of the window are too bad to go on at once."""
    decided = approved + rejected
    return rule.is_on and decided >= rule.minimum and 100 * approved < rule.least_percent * decided

"""The rule of levels, and the rule of the success rate: pure decisions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.qualifications.rules.levels import (
    HALF_LIFE,
    HIGHEST,
    LEVELS,
    REACH,
    SuccessRule,
    Weighed,
    ahead,
    level_asked,
    level_of,
    must_pause,
    proved,
    weigh,
)

RULE = SuccessRule(is_on=True, least_percent=75, window_days=60, minimum=10, pause_days=30)


@pytest.mark.parametrize(
    ("approved", "level"),
    [(0, 0), (9, 0), (10, 1), (49, 1), (50, 2), (149, 2), (150, 3), (399, 3), (400, 4), (799, 4), (800, 5)],
)
def test_good_work_alone_climbs_at_the_published_numbers(approved: int, level: int) -> None:
    assert level_of(weigh([True] * approved)) == level


def test_few_decisions_prove_little_and_many_prove_more() -> None:
    bounds = [proved(weigh([True] * n)) for n in (1, 5, 10, 50, 200)]
    assert bounds == sorted(bounds)
    assert proved(Weighed()) == 0
    assert round(bounds[2], 1) == 78.2  # Wilson's lower bound of 10 of 10, the older ones weighing less
    assert bounds[-1] < 100


def test_wilsons_bound_is_the_textbooks_when_all_weighs_the_same() -> None:
    # 80 of 100: the lower limit of the 90 percent score interval is 0.7267.
    assert math.isclose(proved(Weighed(100, 100.0, 80.0)), 72.67, abs_tol=0.005)


def test_the_newest_decisions_weigh_most() -> None:
    bad_first, bad_last = [True] * 90 + [False] * 10, [False] * 10 + [True] * 90
    assert proved(weigh(bad_first)) > proved(weigh(bad_last))
    weights = weigh([True] * (HALF_LIFE + 1)).weight - weigh([True] * HALF_LIFE).weight
    assert math.isclose(weights, 0.5)


def test_what_is_far_back_is_forgotten_so_everybody_can_mend_a_bad_start() -> None:
    assert weigh([True] * REACH + [False] * 500) == weigh([True] * REACH)
    assert level_of(weigh([True] * 900 + [False] * 100)) == HIGHEST


def test_one_friendly_requester_opens_nothing() -> None:
    friend, other, third = 1, 2, 3
    assert level_of(weigh([True] * 1000, [friend] * 1000)) == 0
    assert level_of(weigh([True] * 10, [friend] * 8 + [other] * 2)) == 0
    assert level_of(weigh([True] * 10, [friend] * 7 + [other] * 3)) == 1
    bad = [True] * 900 + [True, False] * 50
    assert proved(weigh(bad)) > 90, "the friend's approvals hide what the others found"
    assert level_of(weigh(bad, [friend] * 900 + [other, third] * 50)) == 0
    step = ahead(weigh([True] * 60, [friend] * 55 + [other] * 5))
    assert step is not None
    assert (step.level.no, step.decided, step.others, round(step.others_percent)) == (2, 0, 8, 100)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 4)), max_size=300), st.integers(1, 5))
def test_an_approval_of_any_requester_never_lowers(
    newest_first: list[tuple[bool, int]], requester: int
) -> None:
    approved, requesters = [yes for yes, _ in newest_first], [who for _, who in newest_first]
    before = weigh(approved, requesters)
    after = weigh([True, *approved], [requester, *requesters])
    assert level_of(after) >= level_of(before)
    assert after.others >= before.others


@given(st.lists(st.booleans(), max_size=300))
def test_an_approval_never_lowers_and_a_rejection_never_raises(newest_first: list[bool]) -> None:
    before = weigh(newest_first)
    assert level_of(weigh([True, *newest_first])) >= level_of(before)
    assert proved(weigh([False, *newest_first])) <= proved(before) + 1e-9


def test_what_is_ahead_is_said_in_numbers() -> None:
    step = ahead(weigh([True] * 30))
    assert step is not None
    assert (step.level, step.decided) == (LEVELS[1], 20)
    assert ahead(weigh([True] * 1000)) is None


def test_the_house_asks_the_highest_level_whose_reward_is_reached() -> None:
    asked = [0, 5_000_000, 0, 20_000_000]
    rewards = (4_999_999, 5_000_000, 19_999_999, 20_000_000)
    assert [level_asked(reward, asked) for reward in rewards] == [0, 2, 2, 4]
    assert level_asked(10**9, []) == 0


@pytest.mark.parametrize(
    ("approved", "rejected", "pauses"),
    [(8, 2, False), (7, 3, True), (0, 9, False), (15, 5, False), (14, 5, True), (0, 0, False)],
)
def test_the_success_rate_needs_a_sample(approved: int, rejected: int, pauses: bool) -> None:
    assert must_pause(RULE, approved=approved, rejected=rejected) is pauses
    off = SuccessRule(False, 75, 60, 10, 30)
    assert not must_pause(off, approved=approved, rejected=rejected)

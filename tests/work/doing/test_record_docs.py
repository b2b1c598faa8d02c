"""The numbers in docs/worker-record.md are those of the rules."""

from __future__ import annotations

import re
from pathlib import Path

from tukro.qualifications.actions.groups import AGAIN_AFTER
from tukro.qualifications.models import StandingPolicy
from tukro.qualifications.rules import LEVEL
from tukro.qualifications.rules.levels import HALF_LIFE, LEVELS, REACH
from tukro.work.rules import APPEAL_DAYS, MAX_APPEAL_FILES

TEXT = (Path(__file__).parents[3] / "docs" / "worker-record.md").read_text()


def test_levels_are_those_of_the_rule() -> None:
    rows = re.findall(r"^\| (\d) \| (\d+) \| (\d+) \| (\d+)% \|$", TEXT, re.M)
    assert [tuple(map(int, row)) for row in rows] == [
        (one.no, one.decided, one.others, one.proved) for one in LEVELS
    ]
    assert f"latest {REACH:,} approvals" in TEXT
    assert f"lies {HALF_LIFE} decisions back" in TEXT
    assert f"`{LEVEL}`" in TEXT


def test_times_and_limits_are_those_of_the_rules() -> None:
    rule = StandingPolicy()
    words = " ".join(TEXT.split())
    assert f"within {APPEAL_DAYS} days, with words and up to {MAX_APPEAL_FILES} files" in words
    assert f"not asked again for {AGAIN_AFTER.days} days" in words
    assert (
        f"below {rule.least_percent}% of {rule.minimum} or more decisions in {rule.window_days} days "
        f"takes no new work for {rule.pause_days} days"
    ) in words

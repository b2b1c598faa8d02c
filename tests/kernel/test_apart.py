"""One that fails holds up no other."""

from __future__ import annotations

import pytest

from tukro.kernel.apart import apart


def test_one_of_many_that_fails_is_logged_and_counts_for_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def halved(number: int) -> int:
        if number % 2:
            raise ValueError(f"{number} is odd")
        return number // 2

    assert sum(apart(halved, number) for number in (2, 3, 4)) == 3
    [line] = caplog.records
    assert line.exc_info is not None
    assert str(line.exc_info[1]) == "3 is odd"

"""The last day that there is, which people type to mean "for ever": a page, not a fault of ours."""

from __future__ import annotations

import pytest

from tests import cast
from tests.web.market import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("worker", "/history?day=9999-12-31"),
        ("worker", "/history.csv?day=9999-12-31"),
        ("worker", "/status_details/9999-12-31"),
        ("worker", "/earnings/statement?since=2020-01-01&until=9999-12-31"),
        ("requester", "/requester/balance/statement?since=2020-01-01&until=9999-12-31"),
        ("staff", "/staff/money/transfers?day=9999-12-31"),
    ],
)
def test_the_last_day_that_there_is_has_a_page(who: str, address: str) -> None:
    people = {"worker": cast.rahima().user, "requester": cast.karim().user, "staff": cast.shirin()}
    answer = signed_in(people[who]).get(address, follow=True)
    assert answer.status_code == 200
    assert b"".join(answer)  # a file is made while it is read

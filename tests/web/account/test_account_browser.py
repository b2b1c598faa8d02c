"""The account's own page as a phone shows it."""

from __future__ import annotations

import pytest

from tests import cast
from tests.web.browser import PHONE, Visits, faults, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_part_of_the_account_is_in_sight_on_a_phone(visit: Visits) -> None:
    page = visit(user=cast.rahima().user, width=PHONE, language="bn")
    page.goto("/account/")
    ends: list[float] = page.eval_on_selector_all(
        "main nav a", "(parts) => parts.map((part) => part.getBoundingClientRect().right)"
    )
    assert len(ends) > 8
    assert max(ends) <= PHONE
    assert (overflow(page), faults(page)) == (0, [])

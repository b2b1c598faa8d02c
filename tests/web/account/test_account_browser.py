"""The account's own page as a phone shows it."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests import cast, make
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow

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


@pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
def test_who_leaves_gives_up_the_last_cents_by_a_tick(
    visit: Visits, language: Literal["bn", "en"], width: int
) -> None:
    page = visit(user=make.with_earnings(cast.rahima(), "0.30").user, width=width, language=language)
    page.goto("/account/close")
    assert (overflow(page), faults(page)) == (0, [])
    page.check("input[name=given_up]")
    page.click("form[action$=give-up] button")
    expect(page.locator(".notice-ok")).to_have_count(1)
    assert (overflow(page), faults(page)) == (0, [])

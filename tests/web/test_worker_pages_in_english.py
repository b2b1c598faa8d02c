"""Every page that a worker reaches by links, in English, in both sizes and themes."""

from __future__ import annotations

import pytest

from tests.web.browser import DESKTOP, Visits
from tests.web.every_page import demo_people, judge

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_of_a_worker_is_sound_in_english(visit: Visits) -> None:
    found, seen = judge(visit, "worker", demo_people()["worker"], language="en", width=DESKTOP, theme="dark")
    assert "\n".join(found) == ""
    assert len(seen) > 25, sorted(seen)

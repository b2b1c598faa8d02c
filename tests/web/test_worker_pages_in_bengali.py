"""Every page that a worker reaches by links, in Bengali, in both sizes and themes."""

from __future__ import annotations

import pytest

from tests.web.browser import PHONE, Visits
from tests.web.every_page import demo_people, judge

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_of_a_worker_is_sound_in_bengali(visit: Visits) -> None:
    found, seen = judge(visit, "worker", demo_people()["worker"], language="bn", width=PHONE, theme="light")
    assert "\n".join(found) == ""
    assert len(seen) > 25, sorted(seen)

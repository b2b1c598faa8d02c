"""Every page that strangers, requesters and staff reach by links, in both languages, sizes and themes.

Workers' pages have files of their own.
"""

from __future__ import annotations

from typing import Literal

import pytest

from tests.web.browser import DESKTOP, PHONE, Theme, Visits
from tests.web.every_page import demo_people, judge

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS: list[tuple[Literal["bn", "en"], int, Theme]] = [("bn", PHONE, "light"), ("en", DESKTOP, "dark")]


def test_every_page_is_sound(visit: Visits) -> None:
    people = demo_people()
    for language, width, theme in LOOKS:
        found: list[str] = []
        seen: set[str] = set()
        for role in ("public", "requester", "staff"):
            known = seen if role == "staff" else ()  # their account's pages are the requester's
            wrong, views = judge(
                visit, role, people[role], language=language, width=width, theme=theme, known=known
            )
            found += wrong
            seen |= views
        assert "\n".join(found) == ""
        assert len(seen) > 40, sorted(seen)

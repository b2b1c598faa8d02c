"""A worker's page while it is looked at: new work is offered, counts stay right, and nothing moves."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from tests import cast, make
from tests.web.browser import Visits, faults
from tests.web.market import html_batch, taken
from tests.web.news.process import news_process
from tukro.notices.actions.keeping import Letter
from tukro.notices.actions.telling import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_open_page_hears_what_changes(visit: Visits) -> None:
    site = urlsplit(visit.base_url)
    rahima = cast.rahima()
    html_batch(of_terms=make.terms(title="Before"))
    with news_process(SITE_URL=visit.base_url) as news:
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        address = f"http://{site.hostname}:{news.port}"
        strict = {"DIRECTIVES": {**policy, "connect-src": ["'self'", address]}}
        with override_settings(NEWS_URL=address, CONTENT_SECURITY_POLICY=strict):
            page = visit(user=rahima.user, language="bn", strict=True)
            with page.expect_request(lambda request: request.url.startswith(f"{address}/news")):
                page.goto("/projects")
            page.wait_for_timeout(1000)  # the list's times are whole seconds

            before = page.locator(".offer").first.bounding_box()
            batch = html_batch(of_terms=make.terms(title="Digits"))
            html_batch(of_terms=make.terms(title="Letters"))
            note = page.locator(".news-note")
            note.get_by_text("নতুন কাজ এসেছে: ২টি").wait_for()
            assert page.locator(".offer").first.bounding_box() == before  # what one reads stays where it is
            note.get_by_role("link").click()
            page.get_by_role("link", name="Letters").wait_for()

            page.goto("/tasks")
            assert not note.is_visible()
            taken(rahima, batch)
            note.get_by_text("আপনার হাতের কাজ বদলেছে।").wait_for()
            assert page.locator(".tabbar .bell-count").inner_text() == "১"
            bonus = Letter(
                key="n1",
                to="",
                subject="Bonus",
                text="Thanks.",
                kind="bonus",
                user_id=rahima.user_id,
                link="/",
            )
            tell([bonus], now=timezone.now())
            page.locator(".bell .bell-count").wait_for()
            assert page.locator(".bell").inner_text().split() == ["নোটিশ", "১", ",", "না-পড়া:", "১"]
        judged = visit(user=rahima.user, width=360)
        with override_settings(NEWS_URL=address):
            judged.goto("/tasks")
            judged.locator(".tabbar .bell-count").wait_for()
            assert faults(judged) == []

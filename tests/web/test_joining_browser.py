"""Joining as a newcomer does it: a phone, Bengali, a real browser."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import Page
from pytest_django import Settings

from tests.web.browser import PHONE, Visits, faults
from tests.web.joining import PASSWORD, link_in
from tukro.notices.models import Mail
from tukro.people.models import ContactDetails, Requester, User, Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def mails_are_rows(settings: Settings, transactional_db: None) -> None:  # noqa: ARG001
    settings.EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"
    cache.clear()  # the counts of rate limits outlive a test that commits


def press(page: Page, name: str) -> None:
    """Press the form's own button; the header has forms of its own."""
    page.locator(f"main {name}").first.click()


def sound(page: Page) -> None:
    """What every page owes its reader: nothing sticks out to the right, and axe-core finds no fault."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert faults(page) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_s0_28_to_s1_39_from_the_landing_page_to_the_open_list(visit: Visits, javascript: bool) -> None:
    page = visit(width=PHONE, language="bn", javascript=javascript)
    look = sound if javascript else lambda _: None  # axe-core is a script itself
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "bn"
    look(page)
    page.locator('main a[href="/account/signup/"]').first.click()
    page.fill("#id_email", "rahima@example.org")
    page.fill("#id_password1", PASSWORD)
    look(page)
    press(page, "form.card button")
    page.wait_for_url("**/account/confirm-email/")
    look(page)

    page.goto(link_in(Mail.objects.get(to="rahima@example.org")))
    page.wait_for_url("**/account/welcome")
    assert page.locator("main [role=status]").count() == 1
    look(page)
    press(page, "form.card button")
    assert page.locator(".errorlist").count() == 5
    look(page)
    page.fill("#id_full_name", "রহিমা খাতুন")
    page.fill("#id_address", "বাড়ি ১২, রোড ৫, মিরপুর")
    page.fill("#id_postal_code", "১২১৬")
    page.fill("#id_city", "ঢাকা")
    page.select_option("#id_country", "BD")
    press(page, "form.card button")
    page.wait_for_url("**/account/choose")
    look(page)
    assert ContactDetails.objects.get().postal_code == "1216"

    page.locator('main a[href="/account/worker"]').click()
    page.check("#id_one_account")
    page.check("#id_rules")
    look(page)
    press(page, "form.card button")
    page.wait_for_url("**/projects")
    assert Worker.objects.get().state == "active"

    page.goto("/account/requester")
    press(page, "form.card button")
    page.wait_for_url("**/requester/")
    assert Requester.objects.get().name == "রহিমা খাতুন"
    assert User.objects.get().language == "bn"


@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.parametrize("width", [PHONE, 1440])
def test_every_public_page_is_sound(visit: Visits, width: int, language: str) -> None:
    page = visit(width=width, language=language)  # type: ignore[arg-type]
    for address in (
        "/",
        "/how-it-works",
        "/rules",
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/1-abc/",
        "/account/confirm-email/",
        "/account/confirm-email-again",
        "/account/confirm-email/a:b:c/",
    ):
        page.goto(address)
        sound(page)

"""Joining as a newcomer does it: a phone, Bengali, a real browser."""

from __future__ import annotations

from typing import Literal

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests import make
from tests.make import NOW
from tests.web.browser import DESKTOP, PHONE, Visits, faults
from tests.web.joining import PASSWORD, link_in
from tukro.kernel.actors import HOUSE
from tukro.notices.models import Mail
from tukro.people.actions.accounts import create_user
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.joining import become_requester, refuse_worker
from tukro.people.actions.keys import make_access_key
from tukro.people.models import ContactDetails, Requester, User, Worker

Language = Literal["bn", "en"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def mails_are_rows(settings: Settings, transactional_db: None) -> None:
    settings.EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"
    cache.clear()  # the counts of rate limits outlive a test that commits


def press(page: Page, name: str) -> None:
    """Press the form's own button; the header has forms of its own."""
    page.locator(f"main {name}:not([type=button])").first.click()


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
    if javascript:
        page.get_by_role("button", name="পাসওয়ার্ড দেখান").click()
        assert page.locator("#id_password1").get_attribute("type") == "text"
        expect(page.get_by_role("button", name="পাসওয়ার্ড লুকান")).to_be_visible()
    look(page)
    press(page, "form.card button")
    page.wait_for_url("**/account/confirm-email/")
    look(page)

    page.goto(link_in(Mail.objects.get(to="rahima@example.org")))
    page.wait_for_url("**/account/welcome")
    expect(page.locator("main [role=status]")).to_have_count(1)
    look(page)
    press(page, "form.card button")
    expect(page.locator(".errorlist")).to_have_count(4)
    assert page.locator("#id_country").input_value() == "BD"
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


@pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
def test_public_pages_that_a_mail_leads_to_are_sound(visit: Visits, width: int, language: Language) -> None:
    page = visit(width=width, language=language)
    for address in (
        "/account/password/reset/done/",
        "/account/password/reset/key/1-abc/",
        "/account/confirm-email/",
        "/account/confirm-email-again",
        "/account/confirm-email/a:b:c/",
    ):
        page.goto(address)
        sound(page)


@pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
def test_account_pages_of_newcomers_and_refused_ones_are_sound(
    visit: Visits, width: int, language: Language
) -> None:
    user = make.user(language=language)
    requester = become_requester(user=user, name="রহিমার দোকান", now=NOW)
    make_access_key(requester=requester, now=NOW)
    page = visit(user=user, width=width, language=language)
    for address in ("/account/choose", "/account/welcome", "/account/contact", "/requester/keys"):
        page.goto(address)
        sound(page)
    save_contact(user=user, contact=Contact("রহিমা খাতুন", "মিরপুর", "1216", "ঢাকা", "BD"), now=NOW)
    for address in ("/account/worker", "/account/logout/"):
        page.goto(address)
        sound(page)
    worker = make.worker(of=user)
    refuse_worker(by=HOUSE, worker_id=worker.public_id, reason="A second account", now=NOW)
    page.goto("/account/worker")
    sound(page)


def test_the_address_page_is_sound_behind_the_password(visit: Visits) -> None:
    page = visit(user=create_user("rahima@example.org", PASSWORD), width=PHONE)
    page.goto("/account/email/")
    page.fill("#id_password", PASSWORD)
    press(page, "form.card button")
    page.wait_for_url("**/account/email/")
    sound(page)
    page.fill("#id_email", "new@example.org")
    press(page, "button[name=action_add]")
    page.wait_for_load_state()
    expect(page.locator("main").get_by_text("new@example.org")).to_have_count(2)
    sound(page)

"""Without a pointer: from the landing page to the earnings, every step by keys alone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests import cast
from tests.web.browser import DESKTOP, Visits
from tests.web.joining import PASSWORD, link_in
from tests.web.market import proof_batch
from tukro.notices.models import Mail
from tukro.people.models import Worker
from tukro.work.actions.reviewing import approve_assignments
from tukro.work.models import Assignment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STOPS = 80  # as many as a patient person would press Tab on one page


def test_a_worker_joins_works_and_is_paid_without_a_pointer(visit: Visits, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"
    karim = cast.karim()
    proof_batch(of=karim)
    page = visit(width=DESKTOP, language="en")

    page.goto("/")
    _press(page, "Register for free")
    _fill(page, "E-mail", "rahima@example.org")
    _fill(page, "Password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(link_in(Mail.objects.get(to="rahima@example.org")))
    _fill(page, "Full name", "Rahima Khatun")
    _fill(page, "Address", "House 12, Road 5")
    _fill(page, "Postal code", "1216")
    _fill(page, "City", "Dhaka")
    _go_to(page, "Country")
    page.keyboard.type("Bangladesh")
    _press(page, "Save")
    _press(page, "Make money", "Do tasks", "Request a worker account")
    _tick(page, "one account")
    _tick(page, "I have read the rules")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/projects")

    _press(page, "Accept: Read and sum up")
    _fill(page, "সারাংশ লিখুন", "A short summary.")
    _go_to(page, "good")
    page.keyboard.press("Space")
    _press(page, "Hand in")
    expect(page.get_by_text("is yours when the work is approved")).to_be_visible()

    worker = Worker.objects.get()
    done = Assignment.objects.get(worker=worker, state="submitted")
    approve_assignments(requester=karim, assignment_ids=[done.public_id], now=timezone.now())
    _press(page, "Earnings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Earnings")
    expect(page.get_by_text("$0.40").first).to_be_visible()
    assert _is_seen(page), "the focus cannot be seen"


def _go_to(page: Page, *names: str) -> None:
    """Press Tab until something of one of these names has the focus; nothing on the way may hold it fast."""
    passed: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        name = _name(page)
        if any(wanted.lower() in name.lower() for wanted in names):
            return
        assert passed[-3:] != [name] * 3 or not name, f"the focus does not leave {name!r}"
        passed.append(name)
    raise AssertionError(f"none of {names} is reached by keys on {page.url}; passed {passed}")


def _press(page: Page, *names: str) -> None:
    _go_to(page, *names)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _fill(page: Page, name: str, text: str) -> None:
    if name.lower() not in _name(page).lower():
        _go_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def _tick(page: Page, name: str) -> None:
    _go_to(page, name)
    page.keyboard.press("Space")


def _name(page: Page) -> str:
    """The name of what has the focus: its label, its own words, or what names it."""
    name: str = page.evaluate("""() => {
        const at = document.activeElement;
        if (!at || at === document.body) return '';
        const labels = [...(at.labels ?? [])].map((label) => label.textContent).join(' ');
        return (at.ariaLabel || labels || at.textContent || at.value || '').replace(/\\s+/g, ' ').trim();
    }""")
    return name


def _is_seen(page: Page) -> bool:
    """Whether what has the focus is marked by an outline."""
    page.keyboard.press("Tab")
    seen: bool = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle !== 'none'")
    return seen

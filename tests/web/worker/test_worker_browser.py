"""The worker's way in a real browser: a phone in Bengali, and every page for axe-core."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.test import override_settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from tests import cast
from tests.web.browser import PHONE, Visits, faults, faults_in_other_looks, overflow
from tests.web.market import address, html_batch, proof_batch, taken
from tests.web.names import unnamed
from tukro.people.models import Worker
from tukro.work.actions.doing.assigning import submit_assignment
from tukro.work.models import Assignment, Draft, ProofFile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path) -> Iterator[None]:
    with override_settings(FILES_ROOT=tmp_path):
        yield


def test_a_phone_in_bengali_accepts_drafts_reloads_and_hands_in(visit: Visits, tmp_path: Path) -> None:
    rahima = cast.rahima()
    proof_batch()
    page = visit(user=rahima.user, width=PHONE, language="bn")
    page.goto("/projects")
    page.locator("form[action$=accept_random] button").click()
    page.wait_for_url("**/tasks/*?assignment_id=*")

    with page.expect_response("**/draft?*"):
        page.locator("textarea[name=summary]").fill("ছোট সারাংশ")
        page.get_by_label("good").check()
    assert Draft.objects.get().body["fields"] == [["summary", "ছোট সারাংশ"], ["mood", "good"]]
    assert overflow(page) == 0

    page.reload()
    expect(page.locator("textarea[name=summary]")).to_have_value("ছোট সারাংশ")
    expect(page.get_by_label("good")).to_be_checked()
    assert page.locator(".workbar .countdown-text").inner_text()[0] in "০১২৩৪৫৬৭৮৯"

    page.locator("input[name=proof]").set_input_files(_screenshot(tmp_path))
    page.locator("[data-submit]").click()
    page.wait_for_url("**/tasks")
    [made] = Assignment.objects.filter(worker=rahima)
    assert made.state == "submitted"
    assert Assignment.objects.get().handed_in == {"fields": [["summary", "ছোট সারাংশ"], ["mood", "good"]]}
    assert ProofFile.objects.get().media_type == "image/png"


def test_without_a_script_the_whole_way_works(visit: Visits, tmp_path: Path) -> None:
    rahima = cast.rahima()
    proof_batch()
    page = visit(user=rahima.user, javascript=False)
    page.goto("/projects")
    page.locator("form[action$=accept_random] button").click()
    page.locator("textarea[name=summary]").fill("a short summary")
    page.locator("input[name=proof]").set_input_files(_screenshot(tmp_path))
    page.locator("button[name=':upload']").click()
    expect(page.locator(".file")).to_have_count(1)
    expect(page.locator("textarea[name=summary]")).to_have_value("a short summary")
    page.get_by_label("good").check()
    page.locator("[data-submit]").click()
    assert Assignment.objects.get(worker=rahima).state == "submitted"


def test_a_task_page_hands_in_and_the_next_task_comes_by_itself(visit: Visits) -> None:
    rahima, batch = cast.rahima(), html_batch()
    page = visit(user=rahima.user)
    accepted = taken(rahima, batch)
    page.goto(address(accepted))
    page.get_by_label("Accept the next task by itself").check()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Digit").fill("7")
    frame.get_by_role("button").click()
    page.wait_for_url(lambda url: accepted.assignment_id not in url)
    states = Assignment.objects.filter(worker=rahima).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["submitted", "accepted"]


def test_warnings_come_near_the_end_and_the_button_goes_with_the_time(visit: Visits) -> None:
    rahima = cast.rahima()
    accepted = taken(rahima, proof_batch())
    page = visit(user=rahima.user)
    page.clock.install()
    page.goto(address(accepted))
    expect(page.locator("[data-warn]:visible")).to_have_count(0)
    page.get_by_label("সারাংশ লিখুন").fill("A short summary.")
    page.clock.run_for(5000)
    expect(page.get_by_text("Saved.")).to_be_visible()
    for seconds, warning in ((490, "80"), (90, "95"), (30, "100")):
        page.clock.run_for(seconds * 1000)
        expect(page.locator("[data-warn]:visible")).to_have_count(1)
        expect(page.locator(f"[data-warn='{warning}']")).to_be_visible()
    expect(page.locator("[data-submit]")).to_be_disabled()
    expect(page.get_by_text("Saved.")).to_be_hidden()
    expect(page.locator("#return")).to_be_hidden()


@pytest.mark.parametrize("language", ["bn", "en"])
def test_states_that_no_link_leads_to_are_accessible_in_every_look(
    visit: Visits, language: Literal["bn", "en"]
) -> None:
    rahima = cast.rahima()
    pages = _busy(rahima)
    page = visit(user=rahima.user, width=PHONE, language=language, theme="light")
    found = {}
    for path in pages:
        page.goto(path)
        found[path] = _wrong(page, language)
    _press_hand_in_with_an_empty_form(page)
    found["the faulty form"] = _wrong(page, language)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def _wrong(page: Page, language: str) -> list[object]:
    wrong: list[object] = [*faults(page), *unnamed(page, language=language)]
    if wider := overflow(page):
        wrong.append(wider)
    return [*wrong, *faults_in_other_looks(page, width=PHONE, theme="light")]


def _busy(worker: Worker) -> list[str]:
    """Work of both kinds in hand, and some that is over; addresses, the work page of a proof form last."""
    digits, texts = html_batch(rows=3), proof_batch()
    done = taken(worker, digits)
    submit_assignment(
        worker=worker, assignment_id=done.assignment_id, fields=[("digit", "7")], now=timezone.now()
    )
    framed, form = taken(worker, digits), taken(worker, texts)
    return [
        "/projects?search=nothingfitsthis",
        address(done),
        address(done, "done"),
        address(framed),
        address(form),
    ]


def _press_hand_in_with_an_empty_form(page: Page) -> None:
    page.evaluate("() => { document.querySelector('form[data-draft]').noValidate = true; }")
    page.locator("[data-submit]").click()
    page.wait_for_selector("[role=alert]")


def _screenshot(folder: Path) -> Path:
    target = folder / "পর্দা.png"
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    target.write_bytes(out.getvalue())
    return target

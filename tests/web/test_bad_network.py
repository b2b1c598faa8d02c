"""A phone with a bad network: nothing typed or handed in is lost, and nothing private stays behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast, make
from tests.web.browser import PHONE, Visits, faults, overflow, sign_in, staying, until
from tests.web.gate import Gate, gate_to
from tests.web.market import address, html_batch, proof_batch, taken
from tests.web.worker.test_worker_browser import _screenshot
from tukro.people.models import Worker
from tukro.work.models import Assignment, Draft, ProofFile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def gate(live_server: LiveServer) -> Iterator[Gate]:
    with gate_to(urlsplit(live_server.url).port or 0) as gate:
        yield gate


@pytest.fixture
def visit(chromium: Browser, gate: Gate, tmp_path: Path) -> Iterator[Visits]:
    """The live site behind a line that can be cut."""
    url = f"http://localhost:{gate.port}"
    tasks = f"http://{{label}}.localhost:{gate.port}"
    with override_settings(SITE_URL=url, TASK_URL=tasks, NEWS_URL="", FILES_ROOT=tmp_path / "files"):
        visits = Visits(chromium, url)
        yield visits
        visits.close()


def test_an_answer_handed_in_without_a_network_is_sent_when_there_is_one(visit: Visits, gate: Gate) -> None:
    rahima = cast.rahima()
    page = _at_work(visit, rahima, language="bn")
    page.locator("textarea[name=summary]").fill("ছোট সারাংশ")
    page.get_by_label("good").check()
    gate.cut()
    page.locator("[data-submit]").click()

    kept = page.locator("[data-answers] section")
    expect(kept).to_contain_text("এই ডিভাইসে")
    expect(kept).to_contain_text("Read and sum up")
    assert (faults(page), overflow(page)) == ([], 0)
    assert _state(rahima) == "accepted"

    page.reload()  # the page that is worked on opens all the same, says so, and still has the answer
    expect(page.locator("[data-kept-note]")).to_be_visible()
    expect(kept).to_be_visible()
    page.goto("/projects")  # others do not
    expect(page.get_by_role("heading", level=1)).to_have_text("নেটওয়ার্ক নেই")
    expect(kept).to_be_visible()

    gate.mend()
    page.get_by_role("button", name="এখনই পাঠান").click()
    expect(kept).to_have_count(0)
    assert _state(rahima) == "submitted"
    assert Assignment.objects.get().handed_in == {"fields": [["summary", "ছোট সারাংশ"], ["mood", "good"]]}


def test_an_answer_waits_on_the_page_for_its_file_and_goes_with_it(
    visit: Visits, gate: Gate, tmp_path: Path
) -> None:
    rahima = cast.rahima()
    page = _at_work(visit, rahima)
    page.locator("textarea[name=summary]").fill("a short summary")
    page.get_by_label("good").check()
    gate.cut()
    page.locator("input[name=proof]").set_input_files(_screenshot(tmp_path))
    page.locator("[data-submit]").click()
    expect(page.get_by_text("handed in by itself")).to_be_visible()

    page.reload()  # the file is kept on the device and goes on, and the answer stands where it was typed
    expect(page.locator("textarea[name=summary]")).to_have_value("a short summary")
    gate.mend()
    page.reload()
    expect(page.locator("a[href^='/files/']")).to_be_visible()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/projects/**/tasks")
    assert _state(rahima) == "submitted"
    assert ProofFile.objects.get().media_type == "image/png"


def test_an_answer_whose_receipt_was_lost_is_handed_in_once(visit: Visits, gate: Gate) -> None:
    rahima = cast.rahima()
    page = _at_work(visit, rahima)
    page.locator("textarea[name=summary]").fill("a short summary")
    page.get_by_label("good").check()
    # The draft is saved, so that the next thing sent is the answer.
    until(page, Draft.objects.filter(body__fields__contains=[["mood", "good"]]).exists)
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved")
    gate.lose_answers()
    page.locator("[data-submit-other]").click()
    expect(page.locator("[data-answers] section")).to_be_visible()
    gate.mend()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("[data-submit]")).to_have_count(0)  # the page tells what became of the task
    expect(page.locator("[data-answers] section")).to_have_count(0)
    states = Assignment.objects.filter(worker=rahima).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["submitted", "accepted"]  # the press took the next task, sending again did not


def test_what_a_tasks_own_page_hands_in_without_a_network_is_sent_when_there_is_one(
    visit: Visits, gate: Gate
) -> None:
    rahima = cast.rahima()
    page = _at_a_framed_page(visit, rahima)
    frame = page.frame_locator("iframe.task-frame")
    frame.locator("[name=digit]").fill("7")
    gate.cut()
    frame.get_by_role("button", name="Submit").click()
    kept = page.locator("[data-answers] section")
    expect(kept).to_contain_text("Read and sum up")
    expect(page.locator("iframe.task-frame")).to_be_hidden()
    assert (faults(page), overflow(page), _state(rahima)) == ([], 0, "accepted")
    bar = page.locator(".workbar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 96, "the bar leaves the phone to the task"
    page.reload()  # it outlives its page
    expect(kept).to_be_visible()
    gate.mend()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(kept).to_have_count(0)
    assert _state(rahima) == "submitted"
    assert Assignment.objects.get().handed_in == {"fields": [["digit", "7"]]}


def test_what_a_tasks_own_page_handed_in_counts_once_when_its_receipt_was_lost(
    visit: Visits, gate: Gate
) -> None:
    rahima = cast.rahima()
    page = _at_a_framed_page(visit, rahima)
    frame = page.frame_locator("iframe.task-frame")
    frame.locator("[name=digit]").fill("7")
    expect(page.locator("[data-frame-draft]")).to_contain_text("Saved")
    gate.lose_answers()
    frame.get_by_role("button", name="Submit").click()
    expect(page.locator("[data-answers] section")).to_be_visible(timeout=20_000)
    assert _state(rahima) == "submitted"
    gate.mend()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("[data-answers] section")).to_have_count(0)
    assert Assignment.objects.get().handed_in == {"fields": [["digit", "7"]]}


def test_a_faulty_answer_is_drawn_with_its_faults_and_not_kept(visit: Visits) -> None:
    rahima = cast.rahima()
    page = _at_work(visit, rahima)
    page.locator("textarea[name=summary]").fill("tiny")
    page.get_by_label("good").check()
    page.locator("[data-submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("textarea[name=summary]")).to_have_value("tiny")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved")
    page.reload()  # nobody is asked to send a form once more, and what was refused is still there
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("textarea[name=summary]")).to_have_value("tiny")
    page.locator("textarea[name=summary]").fill("long enough")
    page.locator("[data-submit]").click()
    page.wait_for_url("**/tasks")
    assert _state(rahima) == "submitted"


def test_what_was_typed_without_a_network_is_there_again(visit: Visits, gate: Gate) -> None:
    rahima = cast.rahima()
    page = _at_work(visit, rahima)
    gate.cut()
    page.locator("textarea[name=summary]").fill("typed in a tunnel")
    page.get_by_label("bad").check()
    expect(page.locator("[data-draft-status]")).to_contain_text("on this device only")
    work = page.url
    page.close()
    gate.mend()

    again = page.context.new_page()
    with again.expect_response("**/draft?*"):
        again.goto(work)
    expect(again.locator("textarea[name=summary]")).to_have_value("typed in a tunnel")
    expect(again.get_by_label("bad")).to_be_checked()
    assert Draft.objects.get().body["fields"] == [["summary", "typed in a tunnel"], ["mood", "bad"]]
    # A newer draft, saved from another device, wins.
    again.evaluate("""() => localStorage.setItem(
        `tukro:draft:${document.documentElement.dataset.person}:${document.forms[1].dataset.assignment}`,
        JSON.stringify({at: 1, fields: [["summary", "old"]]}))""")
    again.reload()
    expect(again.locator("textarea[name=summary]")).to_have_value("typed in a tunnel")


def test_what_is_typed_after_the_session_ended_waits_on_the_device_for_its_person(
    visit: Visits,
) -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    page = _at_work(visit, rahima)
    text, status = page.locator("textarea[name=summary]"), page.locator("[data-draft-status]")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    text.fill("typed after the session ended")
    expect(status).to_contain_text("you are signed out")
    sign_in(page.context, tanvir.user, visit.base_url)
    text.fill("typed while another one is signed in")
    with page.expect_response("**/draft?*"):
        page.get_by_label("good").check()
    expect(status).to_contain_text("you are signed out")
    assert not Draft.objects.exists()

    sign_in(page.context, rahima.user, visit.base_url)
    with page.expect_response("**/draft?*"):
        page.reload()
    expect(text).to_have_value("typed while another one is signed in")
    expect(status).to_contain_text("Saved")
    assert Draft.objects.get().body["fields"] == [
        ["summary", "typed while another one is signed in"],
        ["mood", "good"],
    ]


def test_what_is_typed_in_a_tasks_own_page_after_the_session_ended_is_kept_after_signing_in(
    visit: Visits,
) -> None:
    rahima = cast.rahima()
    page = _at_a_framed_page(visit, rahima)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.frame_locator("iframe.task-frame").locator("[name=digit]").fill("7")
    status = page.locator("[data-frame-draft]")
    expect(status).to_contain_text("you are signed out")
    asked = staying(page)
    page.get_by_role("link", name="Report").first.click()
    expect(page.locator("iframe.task-frame")).to_be_visible()
    assert asked == ["beforeunload"]  # it would be lost
    sign_in(page.context, rahima.user, visit.base_url)
    expect(status).to_contain_text("Saved")
    assert Draft.objects.get().body["fields"] == [["digit", "7"]]


def test_only_files_and_the_page_of_the_work_at_hand_are_kept_and_sign_out_clears(
    visit: Visits, gate: Gate
) -> None:
    rahima = cast.rahima()
    page = _at_work(visit, rahima)
    work = page.url
    for path in ("/dashboard", "/earnings", "/account/contact"):
        page.goto(path)
    assert [path for path in _kept(page) if not path.startswith(("/static/", "/offline/"))] == [
        "/state",
        urlsplit(work).path,
    ]
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert urlsplit(work).path not in _kept(page)
    gate.cut()
    page.goto(work)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no network")


def test_a_push_becomes_a_notice_that_leads_to_its_page(visit: Visits) -> None:
    page = visit(user=cast.rahima().user)
    page.context.grant_permissions(["notifications"])
    page.goto("/projects")
    wait_for_the_app(page)
    data = {"title": "পেয়েছেন", "body": "US$ ০.৪০", "url": "/earnings", "tag": "n1", "lang": "bn"}
    push_to(page, data)
    shown = page.evaluate("""async () => {
        const app = await navigator.serviceWorker.ready;
        let one;
        for (let tries = 0; tries < 100 && !one; tries++) {
            await new Promise((later) => setTimeout(later, 50));
            [one] = await app.getNotifications();
        }
        return {title: one.title, body: one.body, url: one.data.url, tag: one.tag, lang: one.lang};
    }""")
    assert shown == data


def test_on_2g_the_way_from_the_list_to_the_answer_is_usable(visit: Visits) -> None:
    """400 ms there and back, 50 kB a second, nothing kept yet."""
    rahima, batch = cast.rahima(), proof_batch()
    page = visit(user=rahima.user, language="bn")
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    conditions = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    slow.send("Network.emulateNetworkConditions", conditions)
    page.goto(f"/projects/{batch.task_type.group_id}/tasks", wait_until="domcontentloaded")
    first_words = page.evaluate("""() => new Promise((seen) => new PerformanceObserver((list) => {
        const [one] = list.getEntriesByName('first-contentful-paint');
        if (one) seen(one.startTime);
    }).observe({type: 'paint', buffered: true}))""")
    assert first_words < 5000
    page.locator("form[action$=accept_random] button").click()
    page.locator("textarea[name=summary]").fill("ছোট সারাংশ")
    page.get_by_label("good").check()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/tasks")
    assert _state(rahima) == "submitted"


def _at_work(visit: Visits, worker: Worker, *, language: Any = "en") -> Page:
    """The work page of an accepted task, with the app in place."""
    accepted = taken(worker, proof_batch())
    page = visit(user=worker.user, width=PHONE, language=language)
    page.goto("/dashboard")
    wait_for_the_app(page)
    page.goto(address(accepted))
    return page


def _at_a_framed_page(visit: Visits, worker: Worker) -> Page:
    """The same of a page of the requester's in its frame, whose host stands behind the same line."""
    terms = make.terms(title="Read and sum up")
    accepted = taken(worker, html_batch(of_terms=terms))
    page = visit(user=worker.user, width=PHONE)
    page.goto("/dashboard")
    wait_for_the_app(page)
    page.goto(address(accepted))
    return page


def wait_for_the_app(page: Page) -> None:
    """Until the service worker has the page in hand and knows who is signed in, which every page tells it."""
    for _ in range(3):
        if page.evaluate(_KNOWN):
            return
        page.reload()
    raise AssertionError(f"{page.url}: the service worker does not know who is here")


_KNOWN = """async () => {
    for (let tries = 0; tries < 100; tries++) {
        if (navigator.serviceWorker.controller && await caches.match('/state')) return true;
        await new Promise((later) => setTimeout(later, 50));
    }
    return false;
}"""


def _kept(page: Page) -> list[str]:
    """The paths of everything that the caches hold."""
    found: list[str] = page.evaluate("""async () => {
        const all = [];
        for (const name of await caches.keys()) {
            all.push(...await (await caches.open(name)).keys());
        }
        return all.map((request) => new URL(request.url).pathname).sort();
    }""")
    return sorted(found, key=lambda path: path != "/state")


def push_to(page: Page, data: dict[str, str]) -> None:
    session = page.context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: registrations.extend(told["registrations"])
    )
    session.send("ServiceWorker.enable")
    until(page, lambda: bool(registrations))
    origin = page.evaluate("() => location.origin")
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registrations[0]["registrationId"], "data": json.dumps(data)},
    )


def _state(worker: Worker) -> str:
    return Assignment.objects.filter(worker=worker).earliest("pk").state

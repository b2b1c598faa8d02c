"""Doing work in a real browser: drafts of requesters' pages, the question before leaving, and the keys."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests import make
from tests.web.browser import Visits, faults, overflow, staying
from tests.web.market import address, proof_batch, taken
from tukro.questions.proof import Field, Form, Kind
from tukro.work.models import Assignment, Draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """<p>${image}</p>
<input name="digit"><textarea name="why"></textarea>
<label><input type="radio" name="sure" value="yes">yes</label>
<label><input type="radio" name="sure" value="no">no</label>
<label><input type="checkbox" name="seen" value="a">a</label>
<label><input type="checkbox" name="seen" value="b">b</label>
<label><input type="checkbox" name="seen" value="c">c</label>
<select name="kind"><option>one</option><option>two</option></select>
<script>parent.postMessage({type: "tukro:draft", fields: [[":remove_file", "x"]]}, "*");
parent.postMessage({type: "tukro:draft", fields: "rubbish"}, "*");</script>"""


def test_what_is_typed_into_a_requesters_page_is_there_again_until_it_is_handed_in(visit: Visits) -> None:
    rahima = make.worker()
    batch = make.batch(rows=2, question_body=PAGE, now=timezone.now())
    held = taken(rahima, batch)
    page = visit(user=rahima.user, installed=False)
    page.goto(address(held))
    inside = page.frame_locator("iframe.task-frame")
    inside.locator("[name=digit]").fill("৭")
    inside.locator("[name=why]").fill("it has\na bow")
    inside.get_by_label("no").check()
    inside.get_by_label("a", exact=True).check()
    inside.get_by_label("c").check()
    with page.expect_response("**/draft?*"):
        inside.locator("[name=kind]").select_option("two")
    expect(page.locator("[data-frame-draft]")).to_have_text("Saved. You can close this page and go on later.")
    assert Draft.objects.get().body["fields"] == [
        ["digit", "৭"], ["why", "it has\na bow"], ["sure", "no"], ["seen", "a|c"], ["kind", "two"],
    ]  # fmt: skip
    _reload_with_the_site_later_than_its_frame(page)
    page.wait_for_function("() => 'fits' in document.querySelector('iframe.task-frame').dataset")
    expect(inside.locator("[name=digit]")).to_have_value("৭")
    expect(inside.locator("[name=why]")).to_have_value("it has\na bow")
    expect(inside.get_by_label("no")).to_be_checked()
    expect(inside.get_by_label("b", exact=True)).not_to_be_checked()
    expect(inside.get_by_label("c")).to_be_checked()
    expect(inside.locator("[name=kind]")).to_have_value("two")
    inside.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/done?*")
    assert (Draft.objects.count(), Assignment.objects.get().handed_in["fields"][0]) == (
        0,
        ["digit", "৭"],
    )


def _reload_with_the_site_later_than_its_frame(page: Page) -> None:
    """As on a slow network: what the frame asked and told when it was there, nobody heard."""
    waiting: list[Route] = []
    page.route("**/js/frame*.js", lambda route: waiting.append(route))  # playwright takes no bound method
    page.reload(wait_until="commit")
    page.frame_locator("iframe.task-frame").get_by_role("button", name="Submit").wait_for()
    page.frames[-1].wait_for_load_state("load")
    for script in waiting:
        script.continue_()
    page.unroute("**/js/frame*.js")


def test_a_frame_is_as_tall_as_its_page_and_the_next_task_remembers_what_was_closed(visit: Visits) -> None:
    rahima = make.worker()
    tall = (
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
        "<style>p { height: 2000px }</style><p>${image}</p>"
        "<crowd-form><crowd-classifier name='kind' categories=\"['owl', 'cat']\">"
        "<classification-target>Who?</classification-target>"
        "<short-instructions>Look twice.</short-instructions></crowd-classifier></crowd-form>"
    )
    held = taken(rahima, make.batch(rows=2, question_body=tall, now=timezone.now()))
    page = visit(user=rahima.user, installed=False)
    page.goto(address(held))
    inside = page.frame_locator("iframe.task-frame")
    expect(inside.get_by_role("button", name="Submit")).to_be_visible()
    page.wait_for_function("() => document.querySelector('iframe.task-frame').clientHeight > 2000")
    frame = page.frames[-1]
    assert frame.evaluate("document.documentElement.scrollHeight - innerHeight") == 0
    frame.evaluate("document.querySelector('p').style.height = '400px'")
    page.wait_for_function("() => document.querySelector('iframe.task-frame').clientHeight < 1500")
    frame.wait_for_function("() => document.documentElement.scrollHeight === innerHeight")
    expect(page.get_by_text("I have handed in: go on")).to_have_count(0)
    with page.expect_response("**/tasks/next"):
        page.get_by_label("Accept the next task by itself").check()
    inside.locator("summary").click()
    inside.get_by_label("owl").check()
    inside.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Handed in. Here is the next task.")).to_be_visible()
    expect(inside.get_by_label("owl")).to_be_visible()
    expect(inside.get_by_text("Look twice.")).not_to_be_visible()


def test_a_frame_says_that_its_page_is_on_its_way_and_what_to_do_when_it_never_comes(visit: Visits) -> None:
    rahima = make.worker()
    held = taken(rahima, make.batch(question_body=PAGE, now=timezone.now()))
    page = visit(user=rahima.user, installed=False)
    page.clock.install()
    coming: list[Route] = []
    page.route("**/frame/**", lambda route: coming.append(route))  # playwright takes no bound method
    page.goto(address(held), wait_until="domcontentloaded")
    frame = page.locator("iframe.task-frame")
    loading = page.get_by_text("Loading the task…")
    expect(loading).to_be_visible()
    waiting = frame.bounding_box()
    page.clock.fast_forward(16_000)
    expect(loading).to_be_hidden()
    expect(page.get_by_text("look at your connection and load this page again")).to_be_visible()
    expect(page.get_by_text("If it never comes, return the task")).to_be_visible()
    assert (faults(page), overflow(page), frame.bounding_box()) == ([], 0, waiting)
    coming[0].continue_()
    expect(page.locator("[data-frame-wait]")).to_have_count(0)


@pytest.mark.parametrize("first", ["site", "task"])
def test_a_page_that_is_there_is_not_said_to_be_on_its_way_though_its_pictures_are(
    visit: Visits, first: str
) -> None:
    rahima = make.worker()
    with_picture = '<img src="https://pictures.example/1.png"><p>Look</p><input name="seen">'
    held = taken(rahima, make.batch(question_body=with_picture, now=timezone.now()))
    page = visit(user=rahima.user, installed=False)
    page.route("https://pictures.example/**", lambda _route: None)  # it never comes
    late: list[Route] = []
    if first == "task":
        page.route("**/js/frame*.js", lambda route: late.append(route))
    page.goto(address(held), wait_until="commit")
    expect(page.frame_locator("iframe.task-frame").get_by_text("Look")).to_be_visible()
    assert bool(late) == (first == "task")
    for script in late:
        script.continue_()
    expect(page.locator("[data-frame-wait]")).to_have_count(0)


def test_the_way_back_to_work_that_is_handed_in_says_so(visit: Visits) -> None:
    rahima = make.worker()
    held = taken(rahima, proof_batch())
    page = visit(user=rahima.user)
    page.goto(address(held))
    page.locator("textarea[name=summary]").fill("a short summary")
    page.get_by_label("good").check()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/tasks")
    page.go_back()
    expect(page.get_by_text("This work is handed in and waits for review.")).to_be_visible()
    expect(page.locator("[data-submit]")).to_have_count(0)


def test_one_press_with_a_wrong_code_costs_one_try(visit: Visits) -> None:
    rahima = make.worker()
    form = Form("Open the page.", (Field("seen", Kind.CODE, "Code at the end"),))
    held = taken(rahima, proof_batch(form=form))
    page = visit(user=rahima.user)
    page.goto(address(held))
    page.get_by_label("Code at the end").fill("tk-wrong")
    page.locator("[data-submit]").click()
    expect(page.locator("#content")).to_contain_text("wrong codes left: 4")


def test_leaving_is_asked_while_a_requesters_page_is_not_saved(visit: Visits) -> None:
    rahima = make.worker()
    held = taken(rahima, make.batch(rows=1, question_body=PAGE, now=timezone.now()))
    page = visit(user=rahima.user, installed=False)
    page.goto(address(held))
    page.route("**/draft?*", lambda route: route.abort())
    page.frame_locator("iframe.task-frame").locator("[name=digit]").press_sequentially("7")
    expect(page.locator("[data-frame-draft]")).to_contain_text("Not saved")
    asked = staying(page)
    page.get_by_role("link", name="Report").first.click()
    expect(page.locator("iframe.task-frame")).to_be_visible()
    assert asked == ["beforeunload"]
    page.unroute("**/draft?*")
    expect(page.locator("[data-frame-draft]")).to_contain_text("Saved")
    page.get_by_role("link", name="Report").first.click()
    page.wait_for_url("**/report?*")
    assert len(asked) == 1


def test_work_goes_by_keys_which_a_page_of_help_shows(visit: Visits) -> None:
    rahima = make.worker()
    form = Form("Say it", (Field("note", Kind.TEXT, "Note"),))
    terms = make.terms(category="writing", extensions=1, extension_seconds=600)
    batch = proof_batch(form=form, of_terms=terms, rows=3)
    page = visit(user=rahima.user, width=1440)
    page.goto(f"/projects/{batch.task_type.group_id}/tasks")
    page.keyboard.press("a")
    page.wait_for_url("**/tasks/*assignment_id=*")
    page.keyboard.press("?")
    help_page = page.get_by_role("dialog", name="Keys")
    expect(help_page).to_contain_text("More time")
    expect(help_page.get_by_text("Next and previous in the list")).to_be_hidden()
    assert (faults(page), overflow(page)) == ([], 0)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_text("You have more time now")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_label("Why do you return it?")).to_be_focused()
    page.get_by_label("Note").press_sequentially("seq?")  # what is typed is typed
    expect(page.get_by_label("Note")).to_have_value("seq?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("is yours when the work is approved")).to_be_visible()
    page.keyboard.press("q")
    page.wait_for_url("**/tasks")
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("f")
    page.wait_for_timeout(300)
    assert page.url.endswith("/tasks")
    assert Assignment.objects.filter(state="submitted").count() == 1

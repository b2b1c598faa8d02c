"""QuestionForms in a real browser: a phone in Bengali, no scripts, axe-core, and the policy of the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow, sign_in
from tests.web.forms.sample import COUNT, form_batch
from tests.web.market import address, taken
from tests.web.taskhost.study import study
from tukro.work.models import Assignment, Draft, ProofFile

DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M0 0h40v30H0z"/></svg>'
WIDTH_OF = """(src) => new Promise((done) => {
    const image = new Image();
    image.onload = image.onerror = () => done(image.naturalWidth);
    image.src = src;
})"""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path) -> Iterator[None]:
    with override_settings(FILES_ROOT=tmp_path):
        yield


def test_a_phone_in_bengali_drafts_reloads_and_hands_in(visit: Visits) -> None:
    rahima, batch = cast.rahima(), form_batch()
    page = visit(user=rahima.user, width=PHONE, language="bn")
    page.goto(address(taken(rahima, batch)))
    with page.expect_response("**/draft?*"):
        page.get_by_label("Red").check()
        page.get_by_label("Dog").check()
        page.get_by_label("Cow").check()
        page.locator("#question-4").fill("১২")
    drafted = dict(Draft.objects.get().body["fields"])
    assert (drafted["answer-1"], drafted["answer-2"], drafted["answer-4"]) == ("1", "1|3", "১২")
    assert overflow(page) == 0

    page.reload()
    for chosen in ("Red", "Dog", "Cow"):
        expect(page.get_by_label(chosen)).to_be_checked()
    expect(page.get_by_label("Cat")).not_to_be_checked()
    expect(page.locator("#question-4")).to_have_value("১২")

    page.locator("#question-5").fill("A park with a bench")
    page.locator("#question-3").select_option("2")
    page.locator("[data-submit]").click()
    page.wait_for_url("**/tasks")
    assert Assignment.objects.get(worker=rahima).state == "submitted"
    fields = dict(Assignment.objects.get().handed_in["fields"])
    assert (fields["animals"], fields["season"], fields["count"]) == ("dog|cow", "w", "12")


def test_without_a_script_the_whole_form_works(visit: Visits, tmp_path: Path) -> None:
    rahima, batch = cast.rahima(), form_batch()
    page = visit(user=rahima.user, javascript=False)
    page.goto(address(taken(rahima, batch)))
    page.locator("#question-6").set_input_files(_picture(tmp_path))
    page.locator("button[name=':upload']").click()
    expect(page.locator(".file")).to_have_count(1)
    page.get_by_label("Something else:").check()
    page.locator("#question-1-other").fill("violet")
    page.get_by_label("Cat").check()
    page.locator("#question-4").fill("7")
    page.locator("#question-5").fill("A meadow")
    page.locator("[data-submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("Say that it is a park.")
    expect(page.locator("#question-1-other")).to_have_value("violet")
    expect(page.locator(".file")).to_have_count(1)
    page.locator("#question-5").fill("A park")
    page.locator("[data-submit]").click()
    assert Assignment.objects.get(worker=rahima).state == "submitted"
    typed = {one["question"]: one for one in Assignment.objects.get().handed_in["typed"]}
    assert typed["colour & shade"]["other"] == "violet"
    assert typed["photo"]["key"] == ProofFile.objects.get().public_id


def test_faults_take_the_focus_and_lead_to_their_questions(visit: Visits) -> None:
    rahima, batch = cast.rahima(), form_batch()
    page = visit(user=rahima.user)
    page.goto(address(taken(rahima, batch)))
    _hand_in_empty(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Question 4").click()
    expect(page.locator("#question-4")).to_be_focused()
    summary.get_by_role("link", name="Colour").click()
    expect(page.locator("#question-1")).to_be_focused()


@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.parametrize(("width", "theme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_every_state_of_a_form_is_accessible(
    visit: Visits, language: Literal["bn", "en"], width: int, theme: Literal["light", "dark"]
) -> None:
    rahima, batch = cast.rahima(), form_batch()
    accepted = taken(rahima, batch)
    page = visit(user=rahima.user, width=width, language=language, theme=theme)
    found = {}
    page.goto(f"/projects/{accepted.group_id}/tasks")
    found["preview"] = (faults(page), overflow(page))
    page.goto(address(accepted))
    found["work"] = (faults(page), overflow(page))
    _hand_in_empty(page)
    found["faulty"] = (faults(page), overflow(page))
    assert {name: wrong for name, wrong in found.items() if wrong != ([], 0)} == {}


def test_what_is_wider_than_a_phone_is_moved_on_its_own(visit: Visits) -> None:
    wide = (
        "<Overview><FormattedContent><![CDATA[<table width='2000'><tr><td>one</td><td>two</td></tr></table>"
        f"<pre>{'long ' * 60}</pre><p>{'x' * 300}</p>"
        "<img src='https://pictures.example.net/w.png' alt='wide' width='3000'/>]]></FormattedContent>"
        f"<Title>{'y' * 120}</Title><Text>{'z' * 300}</Text></Overview>"
    )
    rahima = cast.rahima()
    page = visit(user=rahima.user, width=PHONE)
    page.goto(address(taken(rahima, form_batch(wide, COUNT))))
    assert (faults(page), overflow(page)) == ([], 0)
    page.get_by_role("group", name="From the requester").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.formatted').scrollLeft > 0")


def test_the_pages_policy_lets_in_the_pictures_of_the_form_alone(
    chromium: Browser, live_server: LiveServer
) -> None:
    rahima = cast.rahima()
    with study("pictures.localhost") as pictures, study("spies.localhost") as spies:
        for server in (pictures, spies):
            server.pages["/park.svg"] = DRAWN
        shown = (
            f"<Overview><Binary><MimeType><Type>image</Type></MimeType><DataURL>{pictures.origin}/park.svg"
            "</DataURL><AltText>A park</AltText></Binary></Overview>"
        )
        accepted = taken(rahima, form_batch(shown, COUNT))
        context = chromium.new_context(base_url=live_server.url)
        sign_in(context, rahima.user, live_server.url)
        page = context.new_page()
        page.goto(address(accepted))
        assert page.evaluate(WIDTH_OF, f"{pictures.origin}/park.svg") == 40
        assert page.evaluate(WIDTH_OF, f"{spies.origin}/park.svg") == 0
        assert page.get_by_role("img", name="A park").evaluate("image => image.naturalWidth") == 40
        context.close()
        assert spies.seen == []
        assert {referrer for _, _, referrer in pictures.seen} == {""}


def _hand_in_empty(page: Page) -> None:
    page.evaluate("() => { document.querySelector('form[data-draft]').noValidate = true; }")
    page.locator("[data-submit]").click()
    page.wait_for_selector("[role=alert]")


def _picture(folder: Path) -> Path:
    target = folder / "ছবি.png"
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    target.write_bytes(out.getvalue())
    return target

"""A requester posts in a real browser: from the first page to a running batch, with scripts and without."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import cast, make
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow
from tukro.campaigns.jobs import publish_due
from tukro.campaigns.models import Project
from tukro.people.models import Requester
from tukro.work.models import Batch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def karim(settings: Settings, live_server: LiveServer) -> Requester:
    """Karim at a site whose task pages live beside it, under names of their own."""
    port = live_server.url.rpartition(":")[2]
    settings.SITE_URL = live_server.url
    settings.TASK_URL = f"http://{{label}}.localhost:{port}"
    directives = {
        **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "frame-src": [f"http://*.localhost:{port}"],
    }
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    return cast.karim()


def sound(page: Page) -> None:
    """The page has no fault that axe knows and does not scroll sideways."""
    assert faults(page) == []
    assert overflow(page) == 0


def file_of(content: str, name: str = "pictures.csv") -> Any:
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


def test_karim_posts_pictures_from_a_file(visit: Visits, karim: Requester) -> None:
    page = visit(user=karim.user, width=DESKTOP)
    page.goto("/requester/")
    sound(page)
    page.get_by_role("main").get_by_role("link", name="New project").first.click()
    sound(page)

    page.get_by_role("link", name="Image classification").click()
    sound(page)
    expect(page.locator("[data-list]")).to_have_text("image_url")
    page.get_by_label("Description").fill("Look at one picture and choose.")
    page.get_by_label("HTML of the page").press("ControlOrMeta+Home")
    page.keyboard.insert_text("<p>${caption}</p>")
    expect(page.locator("[data-list] li")).to_have_text(["caption", "image_url"])
    page.get_by_label("Answers per task").fill("২")
    page.get_by_role("button", name="Save and look at it").click()
    sound(page)

    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("${caption}")).to_be_visible()
    page.get_by_role("link", name="Upload a CSV file").click()
    sound(page)
    expect(page.get_by_text("No file chosen yet")).to_be_visible()
    page.get_by_label("CSV file").set_input_files(file_of("image_url,caption\na.png\nb.png,x,y\n"))
    expect(page.get_by_text("pictures.csv")).to_be_visible()
    page.get_by_role("button", name="Upload and check").click()
    sound(page)
    expect(page.get_by_text("Cells in this row: 1; needed: 2.")).to_be_visible()

    page.get_by_role("link", name="Upload the corrected file").click()
    rows = "".join(f'https://example.org/{no}.png,"একটি বিড়াল, নম্বর {no} 😺"\n' for no in range(1, 1202))
    page.get_by_label("CSV file").set_input_files(file_of(f"image_url,caption\n{rows}"))
    page.get_by_role("button", name="Upload and check").click()
    sound(page)
    page.get_by_label("Go to row").fill("1200")
    page.get_by_role("button", name="Show").click()
    expect(page.frame_locator("iframe").get_by_text("একটি বিড়াল, নম্বর 1200 😺")).to_be_visible()
    expect(page.get_by_text("$144.12")).to_be_visible()  # 1,201 x 2 x (0.05 + 0.01)

    page.get_by_role("button", name="Publish").dblclick()
    expect(page.get_by_text("1,000 of 1,201 tasks are made.")).to_be_visible()
    sound(page)
    publish_due(timezone.now())
    expect(page.locator("[data-progress]")).to_have_count(0)  # the page has come anew
    expect(page.get_by_text("0 of 2,402 answers are handed in.")).to_be_visible()
    sound(page)
    assert (Batch.objects.get().state, Batch.objects.get().published_count) == ("running", 1201)

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.get_by_role("link", name="Cancel the batch").click()
    sound(page)
    page.get_by_role("button", name="Cancel the batch").click()
    expect(page.get_by_text("its money is back on your balance")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_karim_builds_a_proof_form_on_a_phone(visit: Visits, karim: Requester, javascript: bool) -> None:
    page = visit(user=karim.user, width=PHONE, javascript=javascript)
    page.goto("/requester/projects/new/usability_test")
    page.get_by_label("Description").fill("Try a page and tell.")
    page.get_by_role("button", name="Remove 3").click()
    expect(page.get_by_label("Question", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Add a field").click()
    expect(page.get_by_label("Question", exact=True)).to_have_count(3)
    page.locator("#field-2-label").fill("How many stars?")
    page.locator("#field-2-kind").select_option("number")
    page.get_by_role("button", name="Up 3").click()
    expect(page.locator("#field-1-label")).to_have_value("How many stars?")
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_label("How many stars?")).to_be_visible()
    labels = [field["label"] for field in Project.objects.get().proof]
    assert labels == ["Did you find it?", "How many stars?", "What was hard? What was good?"]
    if javascript:
        sound(page)


def test_a_look_at_a_form_has_our_own_button_for_files(visit: Visits, karim: Requester) -> None:
    page = visit(user=karim.user, width=PHONE)
    page.goto("/requester/projects/new/find_information")
    page.get_by_label("Description").fill("Find a shop.")
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_text("No file chosen yet")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_class("field-wide visually-hidden")
    sound(page)


def test_the_whole_way_works_without_scripts(visit: Visits, karim: Requester) -> None:
    page = visit(user=karim.user, width=PHONE, javascript=False)
    page.goto("/requester/projects/new/sentiment")
    page.get_by_label("Description").fill("Read and choose.")
    page.get_by_role("button", name="Save and look at it").click()
    page.get_by_role("link", name="Upload a CSV file").click()
    page.get_by_label("CSV file").set_input_files(file_of("text\nভালো\nমন্দ\n"))
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("0 of 6 answers are handed in.")).to_be_visible()


def test_a_project_shows_a_program_the_way_on_a_phone(visit: Visits, karim: Requester) -> None:
    project = make.project(of=karim, template="<p>${a_rather_long_name_of_a_column} ${ছবি}</p><input name=a>")
    page = visit(user=karim.user, width=PHONE)
    page.goto(f"/requester/projects/{project.public_id}")
    page.get_by_text("An example in Python with boto3").first.click()
    expect(page.get_by_text(f"HITLayoutId='{project.public_id}'")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="Access keys", exact=True).last.click()
    expect(page.get_by_role("heading", name="Access keys")).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    visit: Visits, karim: Requester, tmp_path: Any
) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"text\n" + b"x\n" * 14_000_000)
    page = visit(user=karim.user, width=PHONE)
    page.goto("/requester/projects/new/sentiment")
    page.get_by_label("Description").fill("Read and choose.")
    page.get_by_role("button", name="Save and look at it").click()
    page.get_by_role("link", name="Upload a CSV file").click()
    page.get_by_label("CSV file").set_input_files(large)
    expect(page.get_by_text("The file is too large. It may have 25 MB")).to_be_visible()
    expect(page.get_by_role("button", name="Upload and check")).to_be_disabled()
    sound(page)


@pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
def test_extending_a_batch_asks_with_the_whole_sum(
    visit: Visits, karim: Requester, language: Literal["bn", "en"], width: int
) -> None:
    batch = make.batch(of=karim, rows=3, now=timezone.now())
    page = visit(user=karim.user, width=width, language=language)
    page.goto(f"/requester/batches/{batch.public_id}")
    page.locator("[name=places]").fill("2")
    page.locator("form[action$=extend] button").click()
    expect(page.locator("form[action$=extend] button")).to_contain_text(
        {"bn": "০.৩৬ আলাদা রেখে বাড়ান", "en": "Extend and set $0.36 aside"}[language]
    )
    sound(page)
    page.locator("form[action$=extend] button").click()
    expect(page.locator("main")).to_contain_text(
        {"bn": "এখনো খালি আসন৯", "en": "Places still free9"}[language]
    )

"""The requester's pages from the first look to a running batch."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.make import NOW
from tukro.campaigns.actions.projects import archive_project, change_project
from tukro.campaigns.jobs import publish_due
from tukro.campaigns.models import Project, Upload
from tukro.campaigns.queries.posting import plan_of
from tukro.kernel.money import Money
from tukro.money.models import MoneyPolicy
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.questions.proof import Form, read_fields
from tukro.web.forms.proof_forms import rows as proof_rows
from tukro.web.requester.posting.starters import ELEMENTS, PAGES, PROOFS, starter
from tukro.work.actions.closing import close_expired
from tukro.work.actions.publishing import hold_batch
from tukro.work.actions.publishing.task_changes import change_expiry
from tukro.work.models import Batch, Category, Listing
from tukro.work.rules import HOURLY_SAMPLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(karim: Requester) -> Client:
    return signed_in(karim)


def signed_in(requester: Requester) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(requester.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def hidden_fields(answer: Any) -> dict[str, str]:
    """What the form of a page carries along."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.content.decode())
    return dict(found)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


TYPED = {
    "name": "Digits",
    "title": "Which digit is this?",
    "description": "Look at a picture.",
    "keywords": "image",
    "category": "image",
    "reward": "০.০৫",
    "places": "৩",
    "estimate_0": "2",
    "estimate_1": "60",
    "duration_0": "১০",
    "duration_1": "60",
    "lifetime_0": "7",
    "lifetime_1": "86400",
    "auto_approve_0": "3",
    "auto_approve_1": "86400",
}
PAGE = {**TYPED, "template": '<p>${image}</p><input name="digit">', "frame_height": ""}
PROOF = {
    **TYPED,
    "instructions": "Find a shop.",
    "field-0-kind": "text",
    "field-0-label": "Name of the shop",
    "field-0-required": "1",
    "field-3-kind": "choice",
    "field-3-label": "Open?",
    "field-3-options": "Yes\r\nNo\r\n",
}
NEW_PAGE = "/requester/projects/new/blank"
NEW_PROOF = "/requester/projects/new/blank_proof"


def test_strangers_are_asked_to_sign_in() -> None:
    assert Client().get("/requester/").status_code == HTTPStatus.FOUND


def test_the_first_page_invites_to_post(browser: Client) -> None:
    text = text_of(browser.get("/requester/"))
    assert "Post your first tasks" in text
    assert "$1,000.00" in text


@pytest.mark.parametrize(
    "code",
    [
        one.code
        for one in [
            *PAGES,
            *ELEMENTS,
            *PROOFS,
        ]
    ],
)
def test_every_starter_can_be_saved_as_it_is(browser: Client, code: str) -> None:
    begun = starter(code)
    assert begun is not None
    typed = {**TYPED, "title": str(begun.title) or "x", "category": begun.category}
    if begun.kind == "template":
        typed["template"] = begun.page()
    else:
        typed["instructions"] = str(begun.instructions) or "Do it."
        for no, row in enumerate(begun.rows()):
            typed |= {
                f"field-{no}-{name}": str(value) for name, value in row.as_spec().items() if name != "options"
            }
            typed |= {f"field-{no}-options": row.options, f"field-{no}-label": row.label or "x"}
    assert browser.get(f"/requester/projects/new/{code}").status_code == HTTPStatus.OK
    answer = browser.post(f"/requester/projects/new/{code}", typed)
    assert answer.status_code == HTTPStatus.FOUND, text_of(answer)
    assert Project.objects.get().kind == begun.kind


def test_our_own_pages_begin_as_work_for_a_phone_and_a_blank_one_does_not(browser: Client) -> None:
    begun = {
        one.code: browser.get(f"/requester/projects/new/{one.code}").context["form"]["on_phone"].value()
        for one in (*PAGES, *ELEMENTS)
    }
    assert begun == {code: code != "blank" for code in begun}


def test_numbers_may_be_typed_in_bengali(browser: Client) -> None:
    answer = browser.post(NEW_PAGE, PAGE)
    project = Project.objects.get()
    assert answer.headers["Location"] == reverse("requester:project", args=[project.public_id])
    assert (str(project.reward), project.places, project.duration_seconds) == ("0.05", 3, 600)
    assert (project.lifetime_seconds, project.estimate_seconds) == (7 * 86400, 120)


def test_all_that_is_wrong_is_said_at_once(browser: Client) -> None:
    numbers = {"duration_0": "soon", "reward": "9999999", "places": "0"}
    typed = {**PAGE, **numbers, "title": "", "template": "<p>No field</p>"}
    errors = browser.post(NEW_PAGE, typed).context["form"].errors
    assert set(errors) == {"title", "duration", "reward", "places", "template"}
    assert Project.objects.count() == 0


def test_what_is_wrong_is_listed_above_the_form_with_the_way_there(browser: Client) -> None:
    typed = {**PAGE, "title": "", "duration_0": "", "extensions": "many"}
    text = text_of(browser.post(NEW_PAGE, typed))
    above = text[: text.index("describe-title")]
    for field, label in (("title", "Title"), ("duration_0", "Time allotted"), ("extensions", "Times that a")):
        assert f'<li><a href="#id_{field}">{label}' in above
        assert f'id="id_{field}"' in text


def test_what_few_projects_need_is_folded_away_until_it_is_used(browser: Client) -> None:
    folded = '<details class="fold">'
    assert text_of(browser.get(NEW_PAGE)).count(folded) == 3
    typed = {**PAGE, "keywords": "", "percent_approved": "90", "extensions": "many"}
    text = text_of(browser.post(NEW_PAGE, typed))
    assert (text.count(folded), text.count('<details class="fold" open>')) == (1, 2)


def test_numbers_of_a_form_are_shown_as_the_reader_writes_them(browser: Client) -> None:
    text = text_of(browser.get(NEW_PAGE, headers={"accept-language": "bn"}))
    assert 'name="reward" value="০.০৫"' in text
    assert 'name="places" value="১"' in text
    assert 'name="duration_0" value="৩০"' in text
    assert 'name="reward" value="0.05"' in text_of(browser.get(NEW_PAGE))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reward", "-1", "The smallest reward here is $0.01."),
        ("reward", "0", "The smallest reward here is $0.01."),
        ("reward", "1e9", "Write the amount in numbers"),
        ("reward", "NaN", "Write the amount in numbers"),
        ("reward", "0.001", "too many digits after the point: 2 at most."),
        ("reward", "99999999999999999999", "more than any amount can be"),
        ("reward", "1000.01", "The largest reward here is $1,000.00."),
        ("places", "0", "A number between 1 and 100,000."),
        ("places", "-3", "Write a whole number"),
        ("places", "1e9", "Write a whole number"),
        ("places", "2.5", "Write a whole number"),
        ("places", "9999999999", "That number is too large."),
        ("duration_0", "0", "Between 30 sec and 30 days."),
        ("lifetime_0", "400", "Between 5 min and 365 days."),
        ("auto_approve_0", "", "This field is required."),
        ("estimate_0", "20", "The estimate is longer than the time allotted."),
        ("title", "", "This field is required."),
        ("title", "x" * 129, "at most 128 characters"),
        ("category", "cooking", "Select a valid choice."),
        ("template", "<p>x</p>", "Workers cannot answer"),
        ("category", "fake_engagement", "usability test"),
        ("template", '<input type="password" name="x">', "No task may ask for passwords"),
        ("description", "Give us the OTP you got", "No task may ask for one-time codes. The text says: OTP."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    browser: Client, field: str, value: str, sentence: str
) -> None:
    answer = browser.post(NEW_PAGE, {**PAGE, field: value})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in text_of(answer)
    assert Project.objects.count() == 0


def test_what_was_typed_comes_back_escaped(browser: Client) -> None:
    answer = browser.post(NEW_PAGE, {**PAGE, "reward": "x", "title": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in text_of(answer)
    assert "<script>alert(1)" not in text_of(answer)


def test_a_proof_form_is_put_together_by_plain_buttons(browser: Client) -> None:
    grown = text_of(browser.post(NEW_PROOF, {**PROOF, "do": "add"}))
    assert grown.count("data-row>") == 3
    assert "Name of the shop" in grown
    moved = text_of(browser.post(NEW_PROOF, {**PROOF, "do": "up-1"}))
    assert moved.index("Open?") < moved.index("Name of the shop")
    shrunk = text_of(browser.post(NEW_PROOF, {**PROOF, "do": "remove-0"}))
    assert "Name of the shop" not in shrunk
    assert Project.objects.count() == 0


def test_a_proof_form_is_kept_as_built(browser: Client) -> None:
    browser.post(NEW_PROOF, {**PROOF, "do": "save"})
    assert Project.objects.get().proof == [
        {"name": "name_of_the_shop", "kind": "text", "label": "Name of the shop", "required": True},
        {"name": "open", "kind": "choice", "label": "Open?", "required": False, "options": ["Yes", "No"]},
    ]


def test_a_least_above_what_there_is_is_refused_beside_its_row(browser: Client) -> None:
    ticks = {"field-3-kind": "choices", "field-3-minimum": "৫"}
    long = {"field-0-minimum": "20001"}
    answer = browser.post(NEW_PROOF, PROOF | ticks | long)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    many = "Field 2: least is more than the options that there are; at most 2."
    letters = "Field 1: least is more than a text may have; at most 20,000 characters."
    assert f'<a href="#field-1-minimum">{many}</a>' in page
    assert f'<ul class="errorlist" id="field-1-faults"><li>{many}</li>' in page
    assert f'<a href="#field-0-minimum">{letters}</a>' in page
    assert Project.objects.count() == 0


def test_workers_read_what_holds_of_an_old_form_that_asks_for_more_than_there_is() -> None:
    fields = read_fields(
        [{"kind": "choices", "label": "Which?", "options": ["a", "b", "c"], "minimum": 5, "maximum": 6}]
    )
    assert proof_rows(Form("", fields))[0].limits == "Choose from 3 to 3."
    fields = read_fields([{"kind": "long_text", "label": "Why?", "minimum": 30_000}])
    assert proof_rows(Form("", fields))[0].limits == "At least 20,000 characters."


def test_a_fault_in_a_proof_field_names_the_field(browser: Client) -> None:
    answer = browser.post(NEW_PROOF, {**PROOF, "field-3-options": "Yes"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = text_of(answer)
    assert '<a href="#field-1-options">Field 2 needs more options' in page
    assert '<textarea id="field-1-options"' in page
    assert '<ul class="errorlist" id="field-1-faults"><li>Field 2 needs more options' in page


def test_a_project_is_changed_copied_and_put_away(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim)
    browser.post(f"/requester/projects/{project.public_id}/edit", {**PAGE, "title": "Which letter?"})
    assert plan_of(Project.objects.get()).title == "Which letter?"
    browser.post(f"/requester/projects/{project.public_id}/copy")
    assert sorted(Project.objects.values_list("name", flat=True)) == ["Copy of Digits", "Digits"]
    browser.post(f"/requester/projects/{project.public_id}/archive")
    assert "Copy of Digits" in text_of(browser.get("/requester/projects"))
    assert project.public_id in text_of(browser.get("/requester/projects?archived=1"))
    browser.post(f"/requester/projects/{project.public_id}/restore")
    assert project.public_id in text_of(browser.get("/requester/projects"))


def test_a_moderated_project_can_be_shown_to_the_staff(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim, category="sign_up")
    page = f"/requester/projects/{project.public_id}"
    assert "Ask our staff to look" in text_of(browser.get(page))
    browser.post(f"{page}/ask_staff")
    assert "will look at this project soon" in text_of(browser.get(page))


def test_a_kind_of_work_that_becomes_moderated_says_how_to_ask_and_one_that_opens_lets_publish(
    browser: Client, karim: Requester
) -> None:
    project = make.project(of=karim)
    upload = make.upload(of=project)
    page, cost = f"/requester/projects/{project.public_id}", f"/requester/uploads/{upload.public_id}"
    Category.objects.filter(code=project.category_id).update(policy="moderated")
    assert "Ask our staff to look</button>" in text_of(browser.get(page))
    assert "Staff must look first" in text_of(browser.get("/requester/projects"))
    assert f'<a href="{page}">Ask our staff to look</a>' in text_of(browser.get(cost))
    refused = browser.post(f"{cost}/publish")
    assert "Ask them on the project&#x27;s page." in text_of(refused)
    browser.post(f"{page}/ask_staff")
    assert "will look at this project soon" in text_of(browser.get(page))
    Category.objects.filter(code=project.category_id).update(policy="open")
    assert "will look at this project soon" not in text_of(browser.get(page))
    assert "Waits for staff" not in text_of(browser.get("/requester/projects"))
    assert f"{cost}/publish" in text_of(browser.get(cost))


def test_a_sample_file_has_the_columns_and_reads_back_clean(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim, template='<img src="${image_url}">${নাম}<input name="a">')
    answer = browser.get(f"/requester/projects/{project.public_id}/sample.csv")
    assert answer.content.decode("utf-8-sig").splitlines()[:2] == [
        "image_url,নাম",
        "https://example.org/1,নাম 1",
    ]
    upload = make.upload(of=project, content=answer.content)
    assert (upload.fault_count, upload.row_count) == (0, 3)


def send(browser: Client, project: Project, content: str | bytes) -> Any:
    address = f"/requester/projects/{project.public_id}/file"
    return browser.post(address, {"file": make.csv_file(content)}, follow=True)


def test_a_good_file_shows_rows_cost_and_the_way_on(browser: Client, karim: Requester) -> None:
    answer = send(browser, make.project(of=karim, places=2), "image,note\nক.png,এক\nখ.png,<b>দুই</b>\n")
    text = text_of(answer)
    assert "ক.png" in text
    assert "&lt;b&gt;দুই&lt;/b&gt;" in text
    assert "kept and handed back in the results: note" in text
    assert "$0.24" in text  # 2 tasks x 2 places x (0.05 + 0.01)
    assert "$999.76" in text
    assert "Publish</button>" in text


def test_rows_that_repeat_another_are_said_and_can_be_published(browser: Client, karim: Requester) -> None:
    text = text_of(send(browser, make.project(of=karim), "id,image\n1,a.png\n2,b.png\n3,a.png\n"))
    assert "repeat an earlier one in all that workers see: 1, the first on line 4, like line 2." in text
    assert "Publish</button>" in text


def test_the_cost_says_what_the_estimate_makes_of_the_reward_in_an_hour(
    browser: Client, karim: Requester
) -> None:
    project = make.project(of=karim)
    assert "Workers earn per hour" not in text_of(send(browser, project, "image\na\n"))
    Project.objects.update(estimate_seconds=100)
    text = text_of(send(browser, project, "image\na\n"))
    assert 'Workers earn per hour</dt><dd class="num">$1.80</dd>' in text  # $0.05 in 100 seconds
    assert "By your estimate that one answer takes" in text


def test_what_was_measured_is_said_in_place_of_the_estimate_for_todays_reward(
    browser: Client, karim: Requester
) -> None:
    project = make.project(of=karim)
    Project.objects.update(estimate_seconds=100)
    answer = browser.post(f"/requester/uploads/{make.upload(of=project).public_id}/publish", follow=True)
    assert "$1.80, by your estimate" in text_of(answer)
    Listing.objects.update(hourly=Money.parse("4.00"), hourly_sample=HOURLY_SAMPLE)
    batch = Batch.objects.get()
    assert "$4.00, measured" in text_of(browser.get(f"/requester/batches/{batch.public_id}"))
    Project.objects.update(reward=Money.parse("0.10"))
    text = text_of(send(browser, project, "image\na\n"))
    assert 'Workers earn per hour</dt><dd class="num">$8.00</dd>' in text
    assert "Measured on 5 answers" in text


def test_a_faulty_file_shows_line_column_cause_and_mend(browser: Client, karim: Requester) -> None:
    answer = send(browser, make.project(of=karim), "id,image\n1,a\n2\n3,b,c\n")
    text = text_of(answer)
    assert "Problems found: 2." in text
    assert "Cells in this row: 1; needed: 2." in text
    assert "more than the 2 columns" in text
    assert "Publish</button>" not in text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"image\n\xff\xfe\xff", "imag\nx\n", "image\n"])
def test_every_broken_file_gets_a_page(browser: Client, karim: Requester, content: bytes | str) -> None:
    answer = send(browser, make.project(of=karim), content)
    assert answer.status_code == HTTPStatus.OK
    assert "Problems found: 1." in text_of(answer)


def test_no_file_chosen_is_said(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim)
    answer = browser.post(f"/requester/projects/{project.public_id}/file")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Upload.objects.count() == 0


class Unread(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        raise AssertionError("the body was read")


def test_a_hundred_megabytes_are_refused_before_they_are_read(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim)
    answer = browser.generic(
        "POST",
        f"/requester/projects/{project.public_id}/file",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100 * 1024 * 1024),
        **{"wsgi.input": Unread()},  # type: ignore[arg-type]  # a stream, where the stubs expect text
    )
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "data-too-large>" in text_of(answer)


def test_an_upload_without_its_token_is_refused(karim: Requester) -> None:
    project = make.project(of=karim)
    client = Client(enforce_csrf_checks=True)
    client.force_login(karim.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(
        f"/requester/projects/{project.public_id}/file", {"file": make.csv_file("image\na\n")}
    )
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert Upload.objects.count() == 0


def test_any_row_can_be_looked_at(browser: Client, karim: Requester) -> None:
    project = make.project(
        of=karim,
        kind="proof",
        instructions="Find ${shop}.",
        proof=[{"kind": "text", "label": "Phone of ${shop}"}],
    )
    upload = make.upload(of=project, content="shop\n" + "".join(f"Shop {no}\n" for no in range(1, 301)))
    page = f"/requester/uploads/{upload.public_id}"
    assert "Phone of Shop 1<" in text_of(browser.get(page))
    assert "Phone of Shop 300<" in text_of(browser.get(f"{page}?row=300"))
    assert "Phone of Shop 12<" in text_of(browser.get(f"{page}?row=১২"))
    assert "Phone of Shop 300<" in text_of(browser.get(f"{page}?row=9999"))
    assert "Phone of Shop 1<" in text_of(browser.get(f"{page}?row=x"))


def test_a_page_is_shown_in_its_cage_only(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim, template='<script>steal()</script><p>${image}</p><input name="a">')
    upload = make.upload(of=project)
    text = text_of(browser.get(f"/requester/uploads/{upload.public_id}"))
    assert "steal()" not in text
    assert 'sandbox="allow-scripts allow-forms allow-modals ' in text


def test_publishing_leads_to_the_batch_and_twice_is_once(browser: Client, karim: Requester) -> None:
    upload = make.upload(of=make.project(of=karim))
    looked_at = browser.get(f"/requester/uploads/{upload.public_id}")
    assert "no-store" in looked_at.headers["Cache-Control"]  # the way back asks anew
    first = browser.post(f"/requester/uploads/{upload.public_id}/publish")
    second = browser.post(f"/requester/uploads/{upload.public_id}/publish")
    batch = Batch.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"/requester/batches/{batch.public_id}"
    assert (batch.state, str(requester_balance(karim)[1])) == ("running", "0.18")
    shown = browser.get(f"/requester/uploads/{upload.public_id}")
    assert shown.headers["Location"] == f"/requester/batches/{batch.public_id}"


def test_publish_asks_again_when_the_cost_changed_in_another_tab(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim)
    page = f"/requester/uploads/{make.upload(of=project).public_id}"
    shown = {"cost": str(browser.get(page).context["cost"].total.units)}
    assert f'name="cost" value="{shown["cost"]}"' in browser.get(page).content.decode()
    plan = make.plan(reward=Money.parse("0.50"))
    change_project(requester=karim, project_id=project.public_id, plan=plan, now=NOW)

    asked = browser.post(f"{page}/publish", shown)

    assert asked.status_code == HTTPStatus.CONFLICT
    words = "The cost changed while this page was open: it was $0.18, now it is $1.80."
    assert words in text_of(asked)
    assert (Batch.objects.count(), str(requester_balance(karim)[1])) == (0, "0.00")
    agreed = {"cost": str(asked.context["cost"].total.units)}
    assert browser.post(f"{page}/publish", agreed).status_code == HTTPStatus.FOUND
    assert str(requester_balance(karim)[1]) == "1.80"


def test_too_little_money_is_said_and_nothing_is_written() -> None:
    poor = make.requester(funds="0.10")
    browser = signed_in(poor)
    upload = make.upload(of=make.project(of=poor))
    page = f"/requester/uploads/{upload.public_id}"
    assert "$0.08 more is needed" in text_of(browser.get(page))
    answer = browser.post(f"{page}/publish")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "$0.18 needed, $0.10 available" in text_of(answer)
    assert Batch.objects.count() == 0


def test_a_project_without_variables_is_published_without_a_file(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim, template='<input name="a">', places=40)
    answer = browser.post(f"/requester/projects/{project.public_id}/prepare", follow=True)
    assert "Check and publish" in text_of(answer)
    browser.post(f"/requester/uploads/{Upload.objects.get().public_id}/publish")
    assert (Batch.objects.get().row_count, Batch.objects.get().places) == (1, 40)


def test_a_project_changed_under_its_file_is_not_published(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim)
    upload = make.upload(of=project)
    plan = make.plan(template='${image}${hint}<input name="a">')
    change_project(requester=karim, project_id=project.public_id, plan=plan, now=NOW)
    answer = browser.post(f"/requester/uploads/{upload.public_id}/publish")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "columns that this file lacks: hint" in text_of(answer)


def test_a_discarded_file_is_gone(browser: Client, karim: Requester) -> None:
    upload = make.upload(of=make.project(of=karim))
    browser.post(f"/requester/uploads/{upload.public_id}/discard")
    assert Upload.objects.count() == 0


def test_a_large_batch_shows_how_far_publishing_is(browser: Client, karim: Requester) -> None:
    upload = make.upload(of=make.project(of=karim), rows=2_500)
    answer = browser.post(f"/requester/uploads/{upload.public_id}/publish", follow=True)
    assert "1,000 of 2,500 tasks are made" in text_of(answer)
    batch = Batch.objects.get()
    told = browser.get(f"/requester/batches/{batch.public_id}/progress").json()
    words = "1,000 of 2,500 tasks are made."
    assert told == {"state": "publishing", "published": 1000, "rows": 2500, "percent": 40, "words": words}
    publish_due(NOW)
    assert "2,500 of 2,500" not in text_of(browser.get(f"/requester/batches/{batch.public_id}"))


def test_a_batch_is_paused_resumed_extended_and_cancelled(browser: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, rows=3)
    page = f"/requester/batches/{batch.public_id}"
    browser.post(f"{page}/pause")
    assert "Paused" in text_of(browser.get(page))
    browser.post(f"{page}/resume")
    shown = browser.get(page)
    assert "One more answer to one task costs $0.06 with the fee." in text_of(shown)
    token = shown.context["form"]["token"].value()
    typed = {"places": "২", "time_0": "1", "time_1": "86400", "token": token}
    asked = browser.post(f"{page}/extend", typed)
    assert "Extend and set $0.36 aside" in text_of(asked)
    assert str(requester_balance(karim)[1]) == "0.18"
    ends = set()
    for _pressed_twice in range(2):
        answer = browser.post(f"{page}/extend", hidden_fields(asked))
        assert answer.status_code == HTTPStatus.FOUND
        batch.refresh_from_db()
        ends.add(batch.expires_at)
    assert (batch.places, len(ends)) == (3, 1)
    assert "The batch is extended. Set aside for it: $0.36." in text_of(browser.get(page))
    assert str(requester_balance(karim)[1]) == "0.54"
    assert "Places that nobody has taken: 9." in text_of(browser.get(f"{page}/cancel"))
    browser.post(f"{page}/cancel")
    assert str(requester_balance(karim)[1]) == "0.00"
    assert "Cancelled" in text_of(browser.get(page))


def test_a_batch_is_not_kept_open_longer_than_any_date_could_hold(browser: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, rows=3)
    page = f"/requester/batches/{batch.public_id}"
    token = browser.get(page).context["form"]["token"].value()
    typed = {"places": "0", "time_0": "999999999", "time_1": "86400", "token": token}
    answer = browser.post(f"{page}/extend", typed)
    assert (answer.status_code, "365" in text_of(answer)) == (422, True)


def test_time_alone_costs_too_where_tasks_had_ended_and_that_is_said_before_and_after(
    browser: Client, karim: Requester
) -> None:
    batch = make.batch(of=karim, rows=4, lifetime_seconds=86_400)
    ended = batch.tasks.order_by("row_no").values_list("public_id", flat=True)[0]
    change_expiry(requester=karim, task_id=ended, expires_at=NOW, now=NOW)
    page = f"/requester/batches/{batch.public_id}"
    assert close_expired(now=NOW + timedelta(days=2)) == 3
    token = browser.get(page).context["form"]["token"].value()
    typed = {"places": "0", "time_0": "1", "time_1": "86400", "token": token}
    asked = browser.post(f"{page}/extend", typed)
    text = text_of(asked)
    assert "Tasks that you ended, and that stay ended: 1." in text
    assert '<dt>Places that are offered</dt><dd class="num">3</dd>' in text
    assert '<dt>Available afterwards</dt><dd class="num">$999.82</dd>' in text
    assert str(requester_balance(karim)[1]) == "0.00"
    browser.post(f"{page}/extend", hidden_fields(asked))
    assert "The batch is extended. Set aside for it: $0.18." in text_of(browser.get(page))


def test_time_that_costs_nothing_is_given_without_a_question(browser: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, now=timezone.now())
    page = f"/requester/batches/{batch.public_id}"
    answer = browser.post(f"{page}/extend", {"places": "0", "time_0": "1", "time_1": "86400"})
    assert answer.status_code == HTTPStatus.FOUND
    assert "The batch is extended." in text_of(browser.get(page))


def test_a_sum_that_has_grown_since_it_was_shown_is_shown_again(browser: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, rows=3, now=timezone.now())
    page = f"/requester/batches/{batch.public_id}/extend"
    for agreed in ("179999", "nonsense", "9" * 30):
        answer = browser.post(page, {"places": "1", "agreed": agreed})
        assert "Extend and set $0.18 aside" in text_of(answer)
    assert browser.post(page, {"places": "1", "agreed": "180000"}).status_code == HTTPStatus.FOUND


def test_a_project_says_which_of_its_batches_are_paused_or_cancelled(
    browser: Client, karim: Requester
) -> None:
    project, batch = make.project(of=karim), make.batch(of=karim, rows=1, now=timezone.now())
    Batch.objects.filter(pk=batch.pk).update(project_id=project.public_id)
    page = f"/requester/projects/{project.public_id}"
    assert '</a><span class="muted small">0 of 1 answers' in text_of(browser.get(page))
    for act, words in (("pause", "Paused"), ("cancel", "Cancelled")):
        browser.post(f"/requester/batches/{batch.public_id}/{act}")
        assert f"{words}</span> · 0 of" in text_of(browser.get(page))


def test_a_batch_that_staff_stopped_says_so_and_cannot_be_resumed(browser: Client, karim: Requester) -> None:
    project, batch = make.project(of=karim), make.batch(of=karim)
    Batch.objects.filter(pk=batch.pk).update(project_id=project.public_id)
    hold_batch(batch_pk=batch.pk, reason_code="secrets", by=cast.shirin().actor, now=NOW)
    page = f"/requester/batches/{batch.public_id}"
    shown = text_of(browser.get(page))
    assert "Stopped by staff</span>" in shown
    assert "Reason: It asks for a password, a one-time code or a card number." in shown
    assert (f"{page}/resume" in shown, f"{page}/pause" in shown, f"{page}/extend" in shown) == (False,) * 3
    assert f"{page}/cancel" in shown
    assert "Stopped by staff</span>" in text_of(browser.get(f"/requester/projects/{project.public_id}"))
    for act in ("resume", "extend"):
        answer = browser.post(f"{page}/{act}", {"places": "1"})
        assert (answer.status_code, "write to our staff" in text_of(answer)) == (409, True)


def test_the_same_work_is_not_published_again_beside_a_batch_that_staff_stopped(
    browser: Client, karim: Requester
) -> None:
    project = make.project(of=karim)
    first, second = (make.upload(of=project) for _ in range(2))
    browser.post(f"/requester/uploads/{first.public_id}/publish")
    batch = Batch.objects.get()
    hold_batch(batch_pk=batch.pk, reason_code="secrets", by=cast.shirin().actor, now=NOW)
    answer = browser.post(f"/requester/uploads/{second.public_id}/publish", follow=True)
    assert f"Our staff stopped “{batch.name}” after a report" in text_of(answer)
    assert Batch.objects.get() == batch


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "how many answers or how much time"),
        ({"places": "-1"}, "Write a whole number"),
        (
            {"places": "9", "time_0": "1", "time_1": "86400"},
            "fewer than 10 places stays below that. Add fewer, or publish the work anew",
        ),
        (
            {"places": "900000000", "time_0": "1", "time_1": "86400"},
            "at most 1,000,000 answers, counting those",
        ),
        ({"time_0": "999", "time_1": "86400"}, "open for at most 365 days from now"),
        ({"places": "1"}, "so add time as well"),
        ({"time_0": "x", "time_1": "60"}, "Write a whole number"),
    ],
)
def test_a_bad_extension_changes_nothing(
    browser: Client, karim: Requester, typed: dict[str, str], sentence: str
) -> None:
    batch = make.batch(of=karim, rows=3)
    MoneyPolicy(id=1, many_places_from=10, many_places_basis_points=2_000).save()
    answer = browser.post(f"/requester/batches/{batch.public_id}/extend", typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in text_of(answer)
    batch.refresh_from_db()
    assert (batch.places, str(requester_balance(karim)[1])) == (1, "0.18")


def test_nobody_is_asked_to_agree_to_what_they_cannot_pay(browser: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, places=10, now=timezone.now())
    answer = browser.post(f"/requester/batches/{batch.public_id}/extend", {"places": "20000"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The balance does not cover it" in text_of(answer)
    assert str(requester_balance(karim)[1]) == "0.60"


def test_what_a_batch_cannot_do_now_is_said(browser: Client, karim: Requester) -> None:
    batch = make.batch(of=karim)
    browser.post(f"/requester/batches/{batch.public_id}/cancel")
    answer = browser.post(f"/requester/batches/{batch.public_id}/resume")
    assert answer.status_code == HTTPStatus.CONFLICT


def test_the_lists_ask_the_same_few_questions_however_long_they_are(
    browser: Client, karim: Requester, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        make.batch(of=karim, rows=2)
        make.project(of=karim)
    browser.get("/requester/")
    for address, most in (("/requester/", 7), ("/requester/projects", 5), ("/requester/batches", 5)):
        with django_assert_max_num_queries(most):
            browser.get(address)


OTHERS_PAGES = [
    ("get", "projects/{project}"),
    ("get", "projects/{project}/edit"),
    ("post", "projects/{project}/edit"),
    ("post", "projects/{project}/copy"),
    ("post", "projects/{project}/archive"),
    ("post", "projects/{project}/restore"),
    ("post", "projects/{project}/ask_staff"),
    ("get", "projects/{project}/file"),
    ("post", "projects/{project}/file"),
    ("get", "projects/{project}/sample.csv"),
    ("post", "projects/{project}/prepare"),
    ("get", "uploads/{upload}"),
    ("post", "uploads/{upload}/publish"),
    ("post", "uploads/{upload}/discard"),
    ("get", "batches/{batch}"),
    ("get", "batches/{batch}/progress"),
    ("post", "batches/{batch}/pause"),
    ("post", "batches/{batch}/resume"),
    ("post", "batches/{batch}/extend"),
    ("get", "batches/{batch}/cancel"),
    ("post", "batches/{batch}/cancel"),
]


@pytest.mark.parametrize(("method", "address"), OTHERS_PAGES)
def test_other_peoples_things_are_not_there(browser: Client, method: str, address: str) -> None:
    stranger = make.requester()
    project = make.project(of=stranger)
    upload, batch = make.upload(of=project), make.batch(of=stranger)
    ids = {"project": project.public_id, "upload": upload.public_id, "batch": batch.public_id}
    for given in (ids, dict.fromkeys(ids, "nothing-like-an-id")):
        answer = getattr(browser, method)("/requester/" + address.format(**given), {"places": "1"})
        assert answer.status_code == HTTPStatus.NOT_FOUND
    assert Upload.objects.filter(batch_id="").count() == 1


def test_an_archived_project_offers_no_publishing(browser: Client, karim: Requester) -> None:
    project = make.project(of=karim)
    archive_project(requester=karim, project_id=project.public_id, now=NOW)
    text = text_of(browser.get(f"/requester/projects/{project.public_id}"))
    assert "Upload a CSV file" not in text
    assert browser.get(f"/requester/projects/{project.public_id}/file").status_code == HTTPStatus.OK
    assert send(browser, project, "image\na\n").status_code == HTTPStatus.CONFLICT

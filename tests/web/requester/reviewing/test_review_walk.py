"""A requester reviews in a real browser: by keyboard, by buttons without scripts, and by file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests import make
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow
from tukro.people.models import Requester
from tukro.work.actions.reviewing import ask_revision, reject_assignments
from tukro.work.models import Assignment, Batch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def batch(karim: Requester) -> Batch:
    rows = [{"sentence": f"আজ আবহাওয়া ভালো {no}", "source": f"https://example.org/{no}"} for no in range(6)]
    return make.batch(of=karim, rows=rows, now=timezone.now())


@pytest.fixture
def answers(batch: Batch) -> list[Assignment]:
    return [
        make.submitted(of=batch, fields=[("sentiment", "ভালো"), ("note", "")], now=timezone.now())
        for _no in range(6)
    ]


def states(answers: list[Assignment]) -> list[str]:
    return [Assignment.objects.get(pk=answer.pk).state for answer in answers]


def test_reviewing_by_keyboard(
    visit: Visits, karim: Requester, batch: Batch, answers: list[Assignment]
) -> None:
    page = visit(user=karim.user, width=DESKTOP)
    page.goto(f"/requester/batches/{batch.public_id}/review")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.get_by_text("Approved and paid: 1.").wait_for()
    assert states(answers) == ["approved"] + ["submitted"] * 5

    page.locator(f"tr#answer-{answers[1].public_id}:focus").wait_for()  # the keys go on at the next one
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_text("Approved and paid: 2.").wait_for()
    assert states(answers) == ["approved"] * 3 + ["submitted"] * 3

    page.keyboard.press("j")
    page.keyboard.press("r")
    page.get_by_label("Reason", exact=True).select_option("wrong")
    page.get_by_label("Your words to the worker").fill("It is a question, not praise.")
    page.get_by_role("button", name="Reject all of these (1)").click()
    page.get_by_text("Rejected: 1.").wait_for()
    assert states(answers) == ["approved"] * 3 + ["rejected"] + ["submitted"] * 2

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requester/assignments/*")
    page.keyboard.press("j")
    page.wait_for_url(f"**/requester/assignments/{answers[5].public_id}*")
    page.keyboard.press("k")
    page.wait_for_url(f"**/requester/assignments/{answers[4].public_id}*")
    page.keyboard.press("a")
    page.wait_for_url(f"**/requester/assignments/{answers[5].public_id}*")
    page.keyboard.press("r")
    rejecting = page.locator("[data-reject]")
    rejecting.get_by_label("Reason", exact=True).select_option("incomplete")
    rejecting.get_by_label("Your words to the worker").press_sequentially("a j k r x")
    page.get_by_role("button", name="Reject this answer").click()
    page.get_by_role("heading", name="Nothing waits for review").wait_for()
    assert states(answers) == ["approved"] * 3 + ["rejected", "approved", "rejected"]


def test_reviewing_without_scripts(
    visit: Visits, karim: Requester, batch: Batch, answers: list[Assignment]
) -> None:
    page = visit(user=karim.user, width=PHONE, javascript=False)
    page.goto(f"/requester/batches/{batch.public_id}/review")
    page.get_by_label("All that match").check()
    page.get_by_role("button", name="Reject…").click()
    page.get_by_label("Reason", exact=True).select_option("wrong")
    page.get_by_label("Your words to the worker").fill("Wrong.")
    page.get_by_role("button", name="Reject all of these (6)").click()
    assert states(answers) == ["rejected"] * 6
    page.get_by_role("link", name="Rejected").click()
    page.get_by_role("link", name=f"Open row {answers[0].task.row_no} ").click()
    page.get_by_role("button", name="Overturn: approve and pay").click()
    assert states(answers) == ["approved"] + ["rejected"] * 5


def test_verdicts_by_file(
    visit: Visits, karim: Requester, batch: Batch, answers: list[Assignment], tmp_path: Path
) -> None:
    page = visit(user=karim.user, width=DESKTOP)
    page.goto(f"/requester/batches/{batch.public_id}/results")
    with page.expect_download() as download:
        page.get_by_role("link", name="Result file (CSV)").click()
    assert download.value.suggested_filename == f"Batch_{batch.public_id}_batch_results.csv"
    file = tmp_path / "reviewed.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    file.write_text(text.replace(',"",""\n', ',"x",""\n'), encoding="utf-8")

    page.get_by_label("Result file with your verdicts").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("button", name="Do all of this").click()
    page.get_by_text("Your verdicts are done.").wait_for()
    assert states(answers) == ["approved"] * 6


def look(page: Page, address: str, folder: Path | None, name: str) -> list[str]:
    page.goto(address)
    if folder is not None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    wider = overflow(page)
    return [f"{name}: {fault}" for fault in faults(page)] + (
        [f"{name}: {wider} px too wide"] if wider else []
    )


@pytest.mark.parametrize(
    ("language", "width"), [("en", DESKTOP), ("bn", PHONE), ("en", PHONE), ("bn", DESKTOP)]
)
def test_every_state_of_the_pages_is_sound(
    language: str,
    width: int,
    visit: Visits,
    karim: Requester,
    batch: Batch,
    answers: list[Assignment],
) -> None:
    now = timezone.now()
    reject_assignments(
        requester=karim,
        assignment_ids=[answers[0].public_id],
        reason_code="wrong",
        feedback="It is a question.",
        now=now,
    )
    ask_revision(
        requester=karim, assignment_id=answers[1].public_id, reason_code="unclear", feedback="Which?", now=now
    )
    page = visit(user=karim.user, width=width, language=language)  # type: ignore[arg-type]  # a language by its code
    folder = os.environ.get("TUKRO_TEST_PICTURES")
    at = f"/requester/batches/{batch.public_id}"
    found = [
        fault
        for address, name in [
            (f"{at}/review", "review"),
            (f"{at}/review?state=rejected", "review-rejected"),
            (f"{at}/review?words=zzz", "review-none"),
            (f"/requester/assignments/{answers[2].public_id}", "answer-submitted"),
            (f"/requester/assignments/{answers[0].public_id}", "answer-rejected"),
            (f"/requester/assignments/{answers[1].public_id}", "answer-revising"),
            (f"{at}/results", "results"),
            ("/requester/balance", "balance"),
            ("/requester/balance/add", "add-money"),
        ]
        for fault in look(page, address, Path(folder) if folder else None, f"{name}-{language}-{width}")
    ]
    page.goto(f"{at}/review")
    page.locator("input[name=ids]").first.check()
    page.locator("button[value=reject]").click()
    found += faults(page)
    if folder:
        page.screenshot(path=Path(folder) / f"reject-{language}-{width}.png", full_page=True)
    assert found == []

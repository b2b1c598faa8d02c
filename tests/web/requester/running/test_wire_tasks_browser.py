"""The pages of access keys and of what programs made, in a real browser: sound on a phone and on a desk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import make
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow, photograph
from tukro.people.actions.keys import make_access_key
from tukro.people.models import AccessKey, Requester
from tukro.work.actions.doing.assigning import accept_task, submit_assignment
from tukro.work.actions.reviewing import approve_assignment
from tukro.work.models import Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS: list[tuple[Literal["bn", "en"], int, Literal["light", "dark"]]] = [
    ("bn", PHONE, "light"),
    ("en", DESKTOP, "dark"),
    ("en", PHONE, "light"),
]


def sound(page: Page, name: str) -> None:
    """The page has no fault that axe knows and does not scroll sideways."""
    if folder := os.environ.get("TUKRO_TEST_PICTURES"):
        photograph(page, Path(folder), name)
    assert faults(page) == [], page.url
    assert overflow(page) == 0, page.url


def made_by_a_program(of: Requester) -> tuple[Task, Task]:
    """Two tasks of one type: one with an answer to review, one over and judged."""
    now = timezone.now()
    waits = make.wire_task(of=of, places=3, annotation="chapter-4/page-17.png, second try", now=now)
    over = make.wire_task(of=of, now=now)
    for task in (waits, over):
        worker = make.worker()
        taken = accept_task(worker=worker, task_id=task.public_id, now=now).assignment_id
        fields = [("digit", "7"), ("note", "A longer remark.")]
        submit_assignment(worker=worker, assignment_id=taken, fields=fields, now=now)
        if task == over:
            approve_assignment(requester=of, assignment_id=taken, now=now)
    return waits, over


@pytest.mark.parametrize(("language", "width", "theme"), LOOKS)
def test_pages_of_programs_tasks_are_sound(
    visit: Visits,
    karim: Requester,
    language: Literal["bn", "en"],
    width: int,
    theme: Literal["light", "dark"],
) -> None:
    waits, over = made_by_a_program(karim)
    assert waits.batch
    batch = f"/requester/batches/{waits.batch.public_id}"
    page = visit(user=karim.user, width=width, language=language, theme=theme)
    for name, address in {
        "home": "/requester/",
        "batches": "/requester/batches",
        "batch": batch,
        "tasks": f"{batch}/tasks",
        "review": f"{batch}/review",
        "results": f"{batch}/results",
        "cancel": f"{batch}/cancel",
        "task": f"/requester/tasks/{waits.public_id}",
        "over": f"/requester/tasks/{over.public_id}",
        "end": f"/requester/tasks/{waits.public_id}/end",
        "delete": f"/requester/tasks/{over.public_id}/delete",
        "balance": "/requester/balance",
    }.items():
        page.goto(address)
        sound(page, f"{name}-{language}-{width}")


@pytest.mark.parametrize(("language", "width", "theme"), LOOKS)
def test_pages_of_keys_are_sound(
    visit: Visits,
    karim: Requester,
    language: Literal["bn", "en"],
    width: int,
    theme: Literal["light", "dark"],
) -> None:
    page = visit(user=karim.user, width=width, language=language, theme=theme)
    page.goto("/requester/keys")
    sound(page, f"no-keys-{language}-{width}")
    page.locator("main form button").click()
    expect(page.locator("#made")).to_be_visible()
    sound(page, f"new-key-{language}-{width}")
    page.goto("/requester/keys")
    sound(page, f"keys-{language}-{width}")
    page.get_by_role("main").locator("a.btn-danger").click()
    sound(page, f"revoke-{language}-{width}")
    page.locator("main button.btn-danger").click()
    expect(page.locator("main table")).to_have_count(0)
    assert AccessKey.objects.filter(revoked_at=None).count() == 0


def test_the_lines_of_a_new_key_are_copied_by_a_button(visit: Visits, karim: Requester) -> None:
    page = visit(user=karim.user, width=DESKTOP)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/requester/keys")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_role("button", name="Copy these lines").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#environment-lines").inner_text()
    assert "AWS_SECRET_ACCESS_KEY=" in copied


def test_a_key_is_made_without_scripts(visit: Visits, karim: Requester) -> None:
    make_access_key(requester=karim, now=timezone.now())
    page = visit(user=karim.user, javascript=False)
    page.goto("/requester/keys")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_role("heading", name="Your new key")).to_be_visible()
    expect(page.get_by_role("button", name="Copy these lines")).to_be_hidden()

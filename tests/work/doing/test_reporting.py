"""Reports of workers, and what the staff decide."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import make
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.work.actions.doing.assigning import BadReason, TaskClosed, accept_task
from tukro.work.actions.reporting import (
    AlreadyReported,
    ReportDecided,
    TooManyReports,
    dismiss_report,
    report_task,
    uphold_report,
)
from tukro.work.models import Batch, Report
from tukro.work.queries.reports import reports_waiting, reports_waiting_count
from tukro.work.rules import REPORTS_A_DAY

pytestmark = pytest.mark.django_db


def reported(reason: str = "secrets", *, text: str = "", task_id: str = "") -> Report:
    return report_task(
        worker=make.worker(),
        task_id=task_id or make.task().public_id,
        reason_code=reason,
        text=text,
        now=make.NOW,
    )


def test_a_report_is_recorded_once_and_waits_for_the_staff() -> None:
    worker, task = make.worker(), make.task()

    def tell(text: str) -> Report:
        return report_task(
            worker=worker, task_id=task.public_id, reason_code="secrets", text=text, now=make.NOW
        )

    made = tell("  Wants my PIN ")
    with pytest.raises(AlreadyReported):
        tell("Really")
    assert [one.text for one in reports_waiting().rows] == ["Wants my PIN"]
    event = Event.objects.get(name="TaskReported")
    assert (event.subject, event.facts) == (made.public_id, {"task": task.public_id, "reason": "secrets"})


@pytest.mark.parametrize(
    ("reason", "text", "code"),
    [("ugly", "", "unknown"), ("other", " ", "empty"), ("broken", "x" * 1001, "too_long")],
)
def test_a_report_needs_a_reason_of_the_list(reason: str, text: str, code: str) -> None:
    with pytest.raises(BadReason) as no:
        reported(reason, text=text)
    assert no.value.facts == {"code": code}


def test_what_does_not_exist_cannot_be_reported() -> None:
    with pytest.raises(NotFound):
        reported(task_id="X" * 30)


def test_one_worker_reports_so_much_a_day_and_goes_on_the_next() -> None:
    worker, batch = make.worker(), make.batch(rows=REPORTS_A_DAY + 1)
    ids = list(batch.tasks.values_list("public_id", flat=True))
    for task_id in ids[:-1]:
        report_task(worker=worker, task_id=task_id, reason_code="broken", now=make.NOW)
    with pytest.raises(TooManyReports):
        report_task(worker=worker, task_id=ids[-1], reason_code="broken", now=make.NOW)
    report_task(worker=worker, task_id=ids[-1], reason_code="broken", now=make.NOW + timedelta(days=1))


def test_upholding_one_report_upholds_the_same_of_the_same_work_and_holds_it() -> None:
    batch, by = make.batch(rows=2), make.staff().actor
    first, second = (reported(task_id=one.public_id) for one in batch.tasks.order_by("id"))
    other = reported("broken", task_id=second.task.public_id)
    uphold_report(by=by, report_id=first.public_id, note="Thank you", hold=True, now=make.NOW)
    second.refresh_from_db()
    batch.refresh_from_db()
    assert (second.outcome, second.note, batch.held_for) == ("upheld", "Thank you", "secrets")
    assert [one.pk for one in reports_waiting().rows] == [other.pk]
    with pytest.raises(TaskClosed):
        accept_task(worker=make.worker(), task_id=second.task.public_id, now=make.NOW)
    assert Event.objects.get(name="BatchHeld").actor == str(by)


def test_all_batches_of_the_reports_that_are_upheld_together_are_held() -> None:
    karim = make.requester()
    batches = [make.batch(of=karim) for _ in range(3)]
    first, _same = (reported(task_id=batch.tasks.get().public_id) for batch in batches[:2])
    uphold_report(by=make.staff().actor, report_id=first.public_id, hold=True, now=make.NOW)
    assert set(Batch.objects.filter(held_at=make.NOW)) == set(batches[:2])


def test_a_report_is_decided_once() -> None:
    made, by = reported(), make.staff().actor
    dismiss_report(by=by, report_id=made.public_id, note="They ask for a nickname.", now=make.NOW)
    with pytest.raises(ReportDecided):
        uphold_report(by=by, report_id=made.public_id, now=make.NOW)
    assert reports_waiting_count() == 0


def test_waiting_reports_come_page_by_page() -> None:
    made = [reported() for _ in range(3)]
    page = reports_waiting(limit=2)
    rest = reports_waiting(after=page.next_cursor, limit=2)
    assert [one.pk for one in (*page.rows, *rest.rows)] == [one.pk for one in made]
    assert rest.next_cursor == ""

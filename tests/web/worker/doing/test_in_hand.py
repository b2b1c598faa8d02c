"""More time, another task, the order of the queue, and reports: the pages of a task in hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from tests.web.market import address, html_batch, proof_batch, signed_in, taken
from tukro.work.models import Assignment, Batch, Report

pytestmark = pytest.mark.django_db


def patient_batch() -> Batch:
    """Ten more minutes, once."""
    return proof_batch(of_terms=make.terms(category="writing", extensions=1, extension_seconds=600))


def test_more_time_is_one_tap_and_the_tap_goes_when_no_more_is_allowed() -> None:
    rahima = make.worker()
    held = taken(rahima, patient_batch())
    client = signed_in(rahima)
    page = client.get(address(held)).content.decode()
    assert "10 min more time" in page
    after = client.post(address(held, "extend"), follow=True).content.decode()
    assert "You have more time now" in after
    assert "more time</button>" not in after
    again = client.post(address(held, "extend"), follow=True).content.decode()
    assert "The requester allows no more time for this task." in again
    data = client.post(address(held, "extend") + "&format=json")
    assert (data.status_code, data.json()["error"]) == (409, "no_more_time")


def test_more_time_is_told_before_accepting_and_on_the_wire_there_is_none() -> None:
    batch = patient_batch()
    page = signed_in(make.worker()).get(f"/projects/{batch.task_type.group_id}/tasks").content.decode()
    assert "1 × 10 min" in page
    assert make.wire_task().task_type.extensions == 0


def test_skipping_leads_to_another_task_and_says_so_when_there_is_none() -> None:
    rahima = make.worker()
    held = taken(rahima, proof_batch(rows=2))
    client = signed_in(rahima)
    there = client.post(address(held, "skip"), follow=True)
    assert "Here is another task of the same work." in there.content.decode()
    last = proof_batch(rows=1)
    held = taken(rahima, last)
    stays = client.post(address(held, "skip"), follow=True).content.decode()
    assert "This one stays yours." in stays
    assert Assignment.objects.get(public_id=held.assignment_id).state == "accepted"


def test_a_look_at_another_task_of_the_group_goes_round() -> None:
    batch = html_batch(rows=3)
    client, seen, after = signed_in(make.worker()), [], ""
    for _ in range(4):
        address_of_list = f"/projects/{batch.task_type.group_id}/tasks?format=json&after={after}"
        after = client.get(address_of_list).json()["task_id"]
        seen.append(after)
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]


def test_the_queue_is_sorted_as_asked_and_by_deadline_otherwise() -> None:
    rahima = make.worker()
    for title, reward, seconds in (("Long", "0.10", 7200), ("Short", "0.05", 600), ("Middle", "0.30", 3600)):
        terms = make.terms(title=title, reward=reward, duration_seconds=seconds, category="writing")
        taken(rahima, proof_batch(of_terms=terms))
    client = signed_in(rahima)

    def titles(sort: str) -> list[str]:
        rows = client.get(f"/tasks?format=json&sort={sort}").json()["tasks"]
        return [row["project"]["title"] for row in rows]

    assert titles("") == titles("nonsense") == ["Short", "Middle", "Long"]
    assert titles("reward") == ["Middle", "Long", "Short"]
    assert titles("newest") == ["Middle", "Short", "Long"]
    page = client.get("/tasks?sort=reward").content.decode()
    assert "worth $0.45 together" in page
    assert 'value="reward" selected' in page


def test_a_work_page_tells_of_a_task_in_the_queue_whose_time_is_mostly_over() -> None:
    rahima, batch = make.worker(), proof_batch(rows=2)
    older, newer = taken(rahima, batch), taken(rahima, batch)
    client = signed_in(rahima)
    words = "The time of another task in your queue ends sooner"
    assert words not in client.get(address(newer)).content.decode()  # though it ends sooner
    begun = timezone.now() - timedelta(minutes=50)
    Assignment.objects.filter(public_id=older.assignment_id).update(
        accepted_at=begun, deadline_at=begun + timedelta(minutes=55)
    )
    assert words in client.get(address(newer)).content.decode()
    assert words not in client.get(address(older)).content.decode()


def test_the_requester_sees_why_tasks_came_back() -> None:
    rahima, batch = make.worker(), proof_batch()
    client = signed_in(rahima)
    client.post(address(taken(rahima, batch), "return"), {"reason": "unpaid_screener"})
    client.post(address(taken(rahima, batch), "skip"))
    page = signed_in(batch.requester.user).get(f"/requester/batches/{batch.public_id}").content.decode()
    assert "It sends me away after questions that are not paid" in page
    assert "Skipped for another task of this work" in page


def test_a_report_reaches_the_staff_and_their_word_the_worker() -> None:
    rahima, batch = make.worker(), html_batch()
    held = taken(rahima, batch)
    client = signed_in(rahima)
    assert "No passwords or one-time codes here" in client.get(address(held)).content.decode()
    wrong = client.post(address(held, "report"), {"reason": "other"})
    assert wrong.status_code == 422
    assert "a reason in your own words is needed" in wrong.content.decode()
    client.post(address(held, "report"), {"reason": "secrets", "text": "PIN!"})
    report = Report.objects.get()
    boss = signed_in(make.staff())
    assert "PIN!" in boss.get("/staff/reports").content.decode()
    act = f"/staff/reports/{report.public_id}/uphold"
    boss.post(act, {"note": "Well seen", "hold": "1"})
    assert "Somebody has decided" in boss.post(act, follow=True).content.decode()
    told = client.get(address(held, "report")).content.decode()
    assert "Our staff agree with you." in told
    assert "Well seen" in told
    batch.refresh_from_db()
    assert batch.is_held


def test_a_report_is_found_only_where_its_task_is() -> None:
    one, other = html_batch(), html_batch()
    task = one.tasks.first()
    assert task is not None
    client = signed_in(make.worker())
    here = f"/projects/{one.task_type.group_id}/tasks/{task.public_id}/report"
    assert client.get(here).status_code == 200
    assert client.get(here.replace(one.task_type.group_id, other.task_type.group_id)).status_code == 404


def test_only_staff_decide_about_a_report() -> None:
    rahima, batch = make.worker(), html_batch()
    signed_in(rahima).post(address(taken(rahima, batch), "report"), {"reason": "secrets", "text": "PIN!"})
    report = Report.objects.get()
    for person in (rahima.user, batch.requester.user):
        answer = signed_in(person).post(f"/staff/reports/{report.public_id}/dismiss", {"note": "No"})
        assert answer.status_code == 404
    report.refresh_from_db()
    assert report.decided_at is None

"""The life of HITs as a program hears it: everything done over the wire, everything told in its queue."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from tests import cast
from tests.api.conftest import MTurkClient, Wire
from tests.api.hits import accepted, create, submitted
from tests.notices.cloud import Cloud, cloud_at, cloud_server
from tukro.notices.jobs import queue_notifications, send_notifications
from tukro.notices.rules.notifications import EVENT_TYPES
from tukro.work import jobs as work
from tukro.work.actions.doing.assigning import return_assignment

PATIENCE_SECONDS = 30


@pytest.fixture
def cloud(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "operator")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "operators-secret")
    with cloud_server() as url:
        settings.SQS_ENDPOINT = url
        yield cloud_at(url)


@pytest.fixture
def client(wire: Wire) -> MTurkClient:
    return wire.client_of(cast.karim())


def heard(cloud: Cloud, queue: str, count: int, *, later: timedelta = timedelta(0)) -> list[dict[str, str]]:
    """The next ``count`` events in a queue, while the house's jobs run as they do."""
    events: list[dict[str, str]] = []
    until = time.monotonic() + PATIENCE_SECONDS
    jobs: list[Callable[[datetime], int]] = [
        work.expire_late,
        work.close_expired,
        work.note_reviewable,
        queue_notifications,
        send_notifications,
    ]
    while len(events) < count and time.monotonic() < until:
        for job in jobs:
            job(datetime.now(UTC) + later)
        events += [event for body in cloud.messages(queue) for event in json.loads(body)["Events"]]
    return events


def test_a_program_hears_the_whole_life_of_its_hits_in_order(client: MTurkClient, cloud: Cloud) -> None:
    queue = cloud.queue("life")
    first = create(client, MaxAssignments=2)
    client.update_notification_settings(
        HITTypeId=first["HITTypeId"],
        Notification={
            "Destination": queue,
            "Transport": "SQS",
            "Version": "2006-05-05",
            "EventTypes": list(EVENT_TYPES),
        },
    )
    hit_id = first["HITId"]
    worker, returned = accepted(hit_id)
    return_assignment(
        worker=worker, assignment_id=returned, reason_code="other", note="", now=datetime.now(UTC)
    )
    approved = submitted(hit_id)
    client.approve_assignment(AssignmentId=approved)
    rejected = submitted(hit_id)
    client.reject_assignment(AssignmentId=rejected, RequesterFeedback="No")
    events = heard(cloud, queue, 10)
    assert [(event["EventType"], event.get("AssignmentId", "")) for event in events] == [
        ("HITCreated", ""),
        ("AssignmentAccepted", returned),
        ("AssignmentReturned", returned),
        ("AssignmentAccepted", approved),
        ("AssignmentSubmitted", approved),
        ("AssignmentApproved", approved),
        ("AssignmentAccepted", rejected),
        ("AssignmentSubmitted", rejected),
        ("AssignmentRejected", rejected),
        ("HITReviewable", ""),
    ]
    assert {event["HITId"] for event in events} == {hit_id}
    assert {event["HITTypeId"] for event in events} == {first["HITTypeId"]}


def test_a_program_hears_that_a_hit_was_extended_ran_out_and_was_deleted(
    client: MTurkClient, cloud: Cloud
) -> None:
    queue = cloud.queue("end")
    hit = create(client, MaxAssignments=1)
    client.update_notification_settings(
        HITTypeId=hit["HITTypeId"],
        Notification={
            "Destination": queue,
            "Transport": "SQS",
            "Version": "2014-08-15",
            "EventTypes": list(EVENT_TYPES),
        },
    )
    client.create_additional_assignments_for_hit(HITId=hit["HITId"], NumberOfAdditionalAssignments=1)
    _, left = accepted(hit["HITId"])
    assert [event["EventType"] for event in heard(cloud, queue, 3)] == [
        "HITCreated",
        "HITExtended",
        "AssignmentAccepted",
    ]
    late = timedelta(hours=2)
    told = [
        (event["EventType"], event.get("AssignmentId", "")) for event in heard(cloud, queue, 3, later=late)
    ]
    assert set(told[:2]) == {("AssignmentAbandoned", left), ("HITExpired", "")}
    assert told[2:] == [("HITReviewable", "")]
    client.delete_hit(HITId=hit["HITId"])
    assert [event["EventType"] for event in heard(cloud, queue, 1, later=late)] == ["HITDisposed"]

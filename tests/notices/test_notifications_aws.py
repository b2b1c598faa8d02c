"""Queues and topics, over real HTTP: Amazon's protocols, spoken by boto3 to a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from pytest_django import Settings

from tests import cast, make
from tests.make import NOW
from tests.notices.asking import ask, specification, states
from tests.notices.cloud import Cloud, cloud_at, cloud_server
from tests.notices.telling import queue_all
from tests.ports import free_port
from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.notices.channels.machines import TestNotDelivered, send_test
from tukro.notices.jobs import send_notifications
from tukro.notices.models import Delivery, Destination
from tukro.work.actions.reviewing import approve_assignment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with cloud_server() as url:
        yield url


@pytest.fixture
def cloud(server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "operator")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "operators-secret")
    settings.SQS_ENDPOINT = settings.SNS_ENDPOINT = server
    return cloud_at(server)


def test_a_queue_gets_the_documents_of_a_task_in_order(cloud: Cloud) -> None:
    karim = cast.karim()
    queue = cloud.queue("in-order")
    batch = make.batch(of=karim)
    ask(batch, "SQS", queue)
    work = make.submitted(of=batch)
    approve_assignment(requester=karim, assignment_id=work.public_id, now=NOW)
    queue_all()
    assert send_notifications(NOW) == 3
    documents = [json.loads(body) for body in cloud.messages(queue)]
    assert [one["EventType"] for document in documents for one in document["Events"]] == [
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "AssignmentApproved",
    ]
    assert {document["CustomerId"] for document in documents} == {karim.public_id}


def test_a_topic_hands_documents_on_to_the_queues_that_subscribed(cloud: Cloud) -> None:
    queue = cloud.queue("subscribed")
    batch = make.batch()
    ask(batch, "SNS", cloud.topic_into(queue, "events"))
    make.accepted(of=batch)
    queue_all()
    assert send_notifications(NOW) == 1
    [body] = cloud.messages(queue)
    envelope = json.loads(body)
    assert envelope["Type"] == "Notification"
    assert envelope["Subject"].isdigit()
    assert json.loads(envelope["Message"])["Events"][0]["EventType"] == "AssignmentAccepted"


def test_a_fifo_queue_is_told_which_task_a_document_is_of(cloud: Cloud) -> None:
    queue = cloud.queue("events.fifo", FifoQueue="true")
    batch = make.batch()
    ask(batch, "SQS", queue)
    make.submitted(of=batch)
    queue_all()
    assert send_notifications(NOW) == 2
    assert [json.loads(body)["Events"][0]["EventType"] for body in cloud.messages(queue)] == [
        "AssignmentAccepted",
        "AssignmentSubmitted",
    ]


def test_a_queue_that_is_not_there_yet_gets_everything_once_it_is(cloud: Cloud) -> None:
    batch = make.batch(rows=2)
    ask(batch, "SQS", f"{cloud.url}/123456789012/made-later")
    for task in batch.tasks.all():
        record(name="HITCreated", actor=HOUSE, subject=task.public_id, at=NOW)
    queue_all()
    assert send_notifications(NOW) == 0
    assert states() == [("HITCreated", "waiting", 1)] * 2
    assert "NonExistentQueue" in Delivery.objects.order_by("pk")[0].error
    queue = cloud.queue("made-later")
    assert send_notifications(NOW + timedelta(seconds=30)) == 2
    assert len(cloud.messages(queue)) == 2


def test_a_queue_of_amazons_is_looked_for_at_the_operators_endpoint(cloud: Cloud) -> None:
    queue = cloud.queue("by-its-amazon-name")
    batch = make.batch()
    ask(batch, "SQS", "https://sqs.us-east-1.amazonaws.com/123456789012/by-its-amazon-name")
    make.accepted(of=batch)
    queue_all()
    assert send_notifications(NOW) == 1
    assert len(cloud.messages(queue)) == 1


def test_a_cloud_that_is_away_is_left_alone(cloud: Cloud, settings: Settings) -> None:
    batch = make.batch(rows=3)
    queue = cloud.queue("unreached")
    ask(batch, "SQS", queue)
    for task in batch.tasks.all():
        record(name="HITCreated", actor=HOUSE, subject=task.public_id, at=NOW)
    queue_all()
    settings.SQS_ENDPOINT = f"http://127.0.0.1:{free_port()}"
    assert send_notifications(NOW) == 0
    assert Destination.objects.get().faults == 1
    settings.SQS_ENDPOINT = cloud.url
    assert send_notifications(NOW + timedelta(seconds=30)) == 3


def test_without_credentials_the_requester_reads_why(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = cloud.queue("no-credentials")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr("tukro.notices.channels.aws._clients", {})
    with pytest.raises(TestNotDelivered) as refused:
        send_test(
            requester=cast.karim(), specification=specification("SQS", queue), event_type="Ping", now=NOW
        )
    assert refused.value.facts == {"reason": "this installation has no AWS credentials"}


@pytest.mark.parametrize("transport", ["SQS", "SNS"])
def test_a_test_reaches_queue_and_topic_at_once(cloud: Cloud, transport: str) -> None:
    queue = cloud.queue(f"test-{transport}")
    address = queue if transport == "SQS" else cloud.topic_into(queue, "tests")
    send_test(
        requester=cast.karim(), specification=specification(transport, address), event_type="Ping", now=NOW
    )
    [body] = cloud.messages(queue)
    document = json.loads(body if transport == "SQS" else json.loads(body)["Message"])
    assert [event["EventType"] for event in document["Events"]] == ["Ping"]

"""Programs are told what they asked for: every event, in order, again until it arrives."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.model import StringShape
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests import cast, make
from tests.make import NOW
from tests.notices.asking import ask, states
from tests.notices.hook_sink import HookSink, Post, hook_sink
from tests.notices.smtp_sink import smtp_sink
from tests.notices.telling import queue_all
from tests.settling import until_settled
from tests.together import outcomes, together
from tukro.journal.actions import record
from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound
from tukro.notices.actions.delivering import AlreadyDelivered, send_again
from tukro.notices.actions.settings import secret_of, set_notification
from tukro.notices.channels import hook, sender
from tukro.notices.jobs import (
    forget_notifications,
    give_up_notifications,
    queue_notifications,
    send_due,
    send_notifications,
)
from tukro.notices.models import Cursor, Delivery, Destination
from tukro.notices.rules.notifications import ATTEMPTS, EVENT_TYPES, PING, signature
from tukro.work.actions.doing.assigning import expire_late, return_assignment
from tukro.work.actions.reviewing import approve_assignment, ask_revision, reject_assignments
from tukro.work.models import Batch

# Readers of the journal and the sender's threads see only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_network(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks on this machine; and time enough when the machine is busy with other things."""
    settings.PRIVATE_HOOKS = True
    monkeypatch.setattr(sender, "RUN_SECONDS", 60.0)
    monkeypatch.setattr(hook, "TOTAL_SECONDS", 25.0)


@pytest.fixture
def sink() -> Iterator[HookSink]:
    with hook_sink() as listening:
        yield listening


def happen(batch: Batch, name: str, *, task_no: int = 0) -> None:
    """An event of a whole task, as the room of work records it."""
    task = batch.tasks.order_by("id")[task_no]
    record(name=name, actor=HOUSE, subject=task.public_id, at=NOW)


def die(*_: object, **__: object) -> None:
    """In the place of what would have been done next."""
    raise SystemExit("killed")


def events_of(sink: HookSink) -> list[str]:
    return [post.event["EventType"] for post in sink.told]


def test_every_event_of_an_assignment_is_told_with_its_ids(sink: HookSink) -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=4)
    ask(batch, "SNS", sink.url, version="2006-05-05")
    first = make.submitted(of=batch)
    approve_assignment(requester=karim, assignment_id=first.public_id, now=NOW)
    second = make.submitted(of=batch)
    reject_assignments(
        requester=karim,
        assignment_ids=[second.public_id],
        reason_code="wrong",
        feedback="No",
        reopen=False,
        now=NOW,
    )
    third = make.accepted(of=batch)
    return_assignment(
        worker=third.worker, assignment_id=third.public_id, reason_code="other", note="", now=NOW
    )
    make.accepted(of=batch, now=NOW - timedelta(days=1))
    expire_late(now=NOW)
    queue_all()
    assert send_notifications(NOW) == 10
    assert sorted(events_of(sink)) == sorted(
        [
            "AssignmentAccepted",
            "AssignmentSubmitted",
            "AssignmentApproved",
            "AssignmentAccepted",
            "AssignmentSubmitted",
            "AssignmentRejected",
            "AssignmentAccepted",
            "AssignmentReturned",
            "AssignmentAccepted",
            "AssignmentAbandoned",
        ]
    )


def test_an_answer_whose_repair_did_not_come_is_told_as_handed_in_again(sink: HookSink) -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2)
    answer = make.submitted(of=batch)
    ask(batch, "SNS", sink.url, events=["AssignmentSubmitted", "AssignmentAbandoned"])
    ask_revision(
        requester=karim, assignment_id=answer.public_id, reason_code="unclear", feedback="Which?", now=NOW
    )
    expire_late(now=NOW + timedelta(days=2))
    queue_all()
    send_notifications(NOW + timedelta(days=2))
    assert [(post.event["EventType"], post.event["AssignmentId"]) for post in sink.told][-1:] == [
        ("AssignmentSubmitted", answer.public_id)
    ]
    assert "AssignmentAbandoned" not in events_of(sink)


def test_a_document_is_what_amazon_sends(sink: HookSink) -> None:
    karim = cast.karim()
    batch = make.batch(of=karim)
    ask(batch, "SNS", sink.url, version="2006-05-05")
    work = make.submitted(of=batch)
    queue_all()
    send_notifications(NOW)
    document = sink.told[1].document
    assert list(document) == ["Events", "EventDocId", "SourceAccount", "CustomerId", "EventDocVersion"]
    assert document["Events"] == [
        {
            "EventType": "AssignmentSubmitted",
            "EventTimestamp": "2026-11-02T09:00:00Z",
            "HITId": batch.tasks.get().public_id,
            "AssignmentId": work.public_id,
            "HITTypeId": batch.task_type.public_id,
        }
    ]
    assert len(document["EventDocId"]) == 40
    assert set(document["EventDocId"]) <= set("0123456789abcdef")
    assert len(document["SourceAccount"]) == 12
    assert document["SourceAccount"].isdigit()
    assert sink.told[0].document["SourceAccount"] == document["SourceAccount"]
    assert sink.told[0].document["EventDocId"] != document["EventDocId"]
    assert (document["CustomerId"], document["EventDocVersion"]) == (karim.public_id, "2006-05-05")


@pytest.mark.parametrize("name", ["HITCreated", "HITExtended", "HITReviewable", "HITExpired", "HITDisposed"])
def test_an_event_of_a_task_names_no_assignment(sink: HookSink, name: str) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url, events=[name])
    happen(batch, name)
    queue_all()
    send_notifications(NOW)
    [post] = sink.told
    assert post.event == {
        "EventType": name,
        "EventTimestamp": "2026-11-02T09:00:00Z",
        "HITId": batch.tasks.get().public_id,
        "HITTypeId": batch.task_type.public_id,
    }


def test_what_a_review_policy_looks_at_first_is_told_after_it_has_looked(sink: HookSink) -> None:
    batch = make.batch()
    batch.tasks.update(reviews=True)
    ask(batch, "SNS", sink.url)
    make.submitted(of=batch)
    happen(batch, "HITReviewable")
    queue_all()
    assert send_notifications(NOW) == 1
    assert events_of(sink) == ["AssignmentAccepted"]
    assert send_notifications(NOW + timedelta(seconds=10)) == 2
    assert events_of(sink) == ["AssignmentAccepted", "AssignmentSubmitted", "HITReviewable"]


def test_only_the_events_that_were_asked_for_are_told(sink: HookSink) -> None:
    batch, other = make.batch(), make.batch(of_terms=make.terms(title="Another type"))
    ask(batch, "SNS", sink.url, events=["AssignmentSubmitted"])
    make.submitted(of=batch)
    make.submitted(of=other)
    queue_all()
    send_notifications(NOW)
    assert events_of(sink) == ["AssignmentSubmitted"]


def test_what_is_switched_off_is_not_told(sink: HookSink) -> None:
    batch = make.batch(rows=2)
    ask(batch, "SNS", sink.url)
    switch = partial(
        set_notification,
        requester=batch.requester,
        task_type_id=batch.task_type.public_id,
        specification=None,
        now=NOW,
    )
    switch(active=False)
    make.accepted(of=batch)
    queue_all()
    assert states() == []
    switch(active=True)
    make.accepted(of=batch)
    queue_all()
    assert states() == [("AssignmentAccepted", "waiting", 0)]


def test_a_hook_is_asked_once_whether_it_listens_before_it_is_told_anything(sink: HookSink) -> None:
    batch = make.batch(rows=2)
    ask(batch, "SNS", sink.url)
    make.accepted(of=batch)
    queue_all()
    sink.answer = lambda _post: 404
    assert send_notifications(NOW) == 0
    assert [post.envelope["Type"] for post in sink.posts] == ["SubscriptionConfirmation"]
    sink.answer = lambda _post: 200
    later = NOW + timedelta(minutes=1)
    assert send_notifications(later) == 1
    make.accepted(of=batch)
    queue_all()
    assert send_notifications(later) == 1
    assert [post.envelope["Type"] for post in sink.posts] == [
        "SubscriptionConfirmation",
        "SubscriptionConfirmation",
        "Notification",
        "Notification",
    ]


def test_a_post_is_signed_and_its_signature_covers_body_id_and_time(sink: HookSink) -> None:
    batch = make.batch()
    setting = ask(batch, "SNS", sink.url)
    make.accepted(of=batch)
    queue_all()
    send_notifications(NOW)
    [post] = sink.told
    assert post.path == "/mturk-sns-listener?study=7"
    assert post.headers["x-amz-sns-message-type"] == "Notification"
    said = {name: post.headers[name] for name in post.headers if name.startswith("webhook-")}
    assert said["webhook-id"] == post.document["EventDocId"]
    assert NOW.timestamp() <= int(said["webhook-timestamp"]) < NOW.timestamp() + 30
    at = NOW + timedelta(seconds=int(said["webhook-timestamp"]) - int(NOW.timestamp()))
    secret = secret_of(setting.destination)
    assert secret
    assert signature(post.body, secret=secret, message_id=said["webhook-id"], at=at) == said
    assert signature(post.body + " ", secret=secret, message_id=said["webhook-id"], at=at) != said


def test_a_hook_whose_secret_is_lost_says_so_and_gets_another_when_it_is_set_anew(
    sink: HookSink, settings: Settings
) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url)
    happen(batch, "HITCreated")
    queue_all()
    settings.SECRET_KEY = "another key of the installation"
    assert send_notifications(NOW) == 0
    assert "secret is lost" in Delivery.objects.get().error
    setting = ask(batch, "SNS", sink.url)
    assert secret_of(setting.destination)
    assert send_notifications(NOW + timedelta(minutes=2)) == 1


def test_mail_goes_through_the_outbox_once_however_often_it_is_handed_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    karim = cast.karim()
    batch = make.batch(of=karim)
    ask(batch, "Email", karim.user.email)
    happen(batch, "HITReviewable")
    queue_all()
    with monkeypatch.context() as dying:
        dying.setattr(sender, "note_delivered", die)
        assert send_notifications(NOW) == 0
    assert send_notifications(NOW + timedelta(seconds=80)) == 1
    with smtp_sink() as server:
        settings.SMTP_URL = server.url
        assert send_due(NOW) == 1
    [mail] = server.mails
    assert (mail["To"], mail["Subject"]) == (
        "karim@example.org",
        f"HITReviewable: {batch.tasks.get().public_id}",
    )
    [line] = [line for line in mail.get_content().splitlines() if line.startswith("{")]
    assert json.loads(line)["EventDocId"] == Delivery.objects.get().document_id


def test_events_of_a_task_arrive_in_order_and_a_failing_one_holds_back_only_its_own_task(
    sink: HookSink,
) -> None:
    batch = make.batch(rows=2)
    ask(batch, "SNS", sink.url)
    first, second = (task.public_id for task in batch.tasks.order_by("id"))
    for name in ("HITCreated", "HITExtended", "HITReviewable"):
        happen(batch, name, task_no=0)
        happen(batch, name, task_no=1)
    queue_all()
    refused = ("HITExtended", first)

    def answer(post: Post) -> int:
        if post.envelope["Type"] != "Notification":
            return 200
        return 500 if (post.event["EventType"], post.event["HITId"]) == refused else 200

    sink.answer = answer
    assert send_notifications(NOW) == 4
    assert [post.event["EventType"] for post in sink.told if post.event["HITId"] == second] == [
        "HITCreated",
        "HITExtended",
        "HITReviewable",
    ]
    waiting = Delivery.objects.filter(state="waiting").order_by("id")
    assert [(each.event_type, each.attempts, each.error) for each in waiting] == [
        ("HITExtended", 1, "the answer was 500"),
        ("HITReviewable", 0, ""),
    ]
    assert send_notifications(NOW + timedelta(seconds=3)) == 0
    sink.answer = lambda _post: 200
    assert send_notifications(NOW + timedelta(seconds=60)) == 2
    arrived = [post for post in sink.told if post.event["HITId"] == first]
    assert [post.event["EventType"] for post in arrived] == [
        "HITCreated",
        "HITExtended",
        "HITExtended",
        "HITReviewable",
    ]
    assert arrived[1].document == arrived[2].document


def test_waits_grow_until_a_delivery_is_given_up_and_the_next_one_goes_on(sink: HookSink) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url)
    happen(batch, "HITCreated")
    happen(batch, "HITReviewable")
    queue_all()
    sink.answer = lambda post: 500 if "HITCreated" in post.envelope["Message"] else 200
    now, waits = NOW, []
    for attempt in range(1, ATTEMPTS):
        send_notifications(now)
        first = Delivery.objects.order_by("id")[0]
        assert (first.state, first.attempts) == ("waiting", attempt)
        waits.append(first.due_at - now)
        now = first.due_at
    assert timedelta(seconds=5) <= waits[0] < timedelta(seconds=9)
    assert waits[3] >= timedelta(seconds=40)
    assert max(waits) < timedelta(hours=7.6)
    Delivery.objects.update(queued_at=now)  # so that the number of attempts decides, not the age
    assert send_notifications(now) == 1
    assert states() == [("HITCreated", "given_up", ATTEMPTS), ("HITReviewable", "delivered", 1)]
    given_up = Event.objects.get(name="NotificationGivenUp")
    assert given_up.subject == batch.task_type.public_id
    assert given_up.facts["event"] == "HITCreated"


def test_what_waited_for_days_is_given_up_though_nobody_tried_it(sink: HookSink) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url)
    happen(batch, "HITCreated")
    queue_all()
    assert give_up_notifications(NOW + timedelta(days=3)) == 0
    assert give_up_notifications(NOW + timedelta(days=3, seconds=1)) == 1
    assert states() == [("HITCreated", "given_up", 0)]
    assert Event.objects.filter(name="NotificationGivenUp").count() == 1


def test_what_arrived_long_ago_is_forgotten(sink: HookSink) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url)
    happen(batch, "HITCreated")
    queue_all()
    send_notifications(NOW)
    assert forget_notifications(NOW + timedelta(days=29)) == 0
    assert forget_notifications(NOW + timedelta(days=31)) == 1
    assert states() == []


def test_a_destination_that_cannot_be_reached_is_left_alone_as_a_whole() -> None:
    with hook_sink() as gone:
        pass
    batch = make.batch(rows=5)
    ask(batch, "SNS", gone.url)
    Destination.objects.update(confirmed_at=NOW)
    for no in range(5):
        happen(batch, "HITCreated", task_no=no)
    queue_all()
    assert send_notifications(NOW) == 0
    destination = Destination.objects.get()
    assert destination.faults == 1
    assert destination.retry_at
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert send_notifications(NOW + timedelta(seconds=4)) == 0
    assert Destination.objects.get().faults == 1
    assert send_notifications(NOW + timedelta(seconds=10)) == 0
    assert Destination.objects.get().faults == 2


def test_when_a_destination_answers_again_all_that_waited_for_it_goes(sink: HookSink) -> None:
    batch = make.batch(rows=3)
    ask(batch, "SNS", sink.url)
    for no in range(3):
        happen(batch, "HITCreated", task_no=no)
    queue_all()
    later = NOW + timedelta(hours=1)
    Delivery.objects.update(due_at=later, attempts=9)
    first = Delivery.objects.order_by("id")[0]
    Delivery.objects.filter(pk=first.pk).update(due_at=NOW)
    Destination.objects.update(faults=3, retry_at=NOW, confirmed_at=NOW)
    assert send_notifications(NOW) >= 1
    assert send_notifications(NOW + timedelta(seconds=1)) + 1 == 3 or not Delivery.objects.filter(
        state="waiting"
    )
    assert Destination.objects.get().faults == 0


def test_a_slow_destination_delays_no_other(sink: HookSink) -> None:
    karim = cast.karim()
    slow_batch = make.batch(of=karim)
    quick_batch = make.batch(of=karim, rows=20, of_terms=make.terms(title="Another type"))
    came: list[float] = []
    go_on = threading.Event()
    with hook_sink() as slow:

        def keep_waiting(_post: Post) -> int:
            go_on.wait(20)
            return 200

        def note(_post: Post) -> int:
            came.append(time.monotonic())
            if len(sink.told) == 20:
                go_on.set()
            return 200

        slow.answer, sink.answer = keep_waiting, note
        ask(slow_batch, "SNS", slow.url)
        ask(quick_batch, "SNS", sink.url)
        Destination.objects.update(confirmed_at=NOW)
        happen(slow_batch, "HITCreated")
        for no in range(20):
            happen(quick_batch, "HITCreated", task_no=no)
        queue_all()
        # The slow one is released by the last of the quick ones: were they behind it, nothing would arrive.
        assert send_notifications(NOW) == 21
    assert len(came) == 20


def test_what_is_queued_while_a_slow_destination_is_waited_for_goes_at_once(sink: HookSink) -> None:
    karim = cast.karim()
    slow_batch = make.batch(of=karim)
    quick_batch = make.batch(of=karim, of_terms=make.terms(title="Another type"))
    with hook_sink() as slow:

        def until_the_other_arrived(_post: Post) -> int:
            try:
                happen(quick_batch, "HITCreated")
                queue_all()
            finally:
                connection.close()  # this thread's own
            for _ in range(100):
                if sink.told:
                    return 200
                time.sleep(0.1)
            return 500

        slow.answer = until_the_other_arrived
        ask(slow_batch, "SNS", slow.url)
        ask(quick_batch, "SNS", sink.url)
        Destination.objects.update(confirmed_at=NOW)
        happen(slow_batch, "HITCreated")
        queue_all()
        assert send_notifications(NOW) == 2


def test_after_a_crash_between_sending_and_noting_it_is_sent_again_as_the_same_document(
    sink: HookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url)
    happen(batch, "HITCreated")
    queue_all()

    with monkeypatch.context() as dying:
        dying.setattr(sender, "note_delivered", die)
        assert send_notifications(NOW) == 0
    assert len(sink.told) == 1
    assert send_notifications(NOW + timedelta(seconds=40)) == 0, "the dead one's lease holds"
    assert send_notifications(NOW + timedelta(seconds=80)) == 1
    once, again = sink.told
    assert once.document == again.document
    assert once.envelope["MessageId"] == again.envelope["MessageId"]
    assert states() == [("HITCreated", "delivered", 1)]


def test_two_senders_at_once_send_each_document_once(sink: HookSink) -> None:
    karim = cast.karim()
    batches = [make.batch(of=karim, rows=8, of_terms=make.terms(title=f"Type {no}")) for no in range(3)]
    for no, batch in enumerate(batches):
        ask(batch, "SNS", f"{sink.url}&type={no}")
        for task_no in range(8):
            happen(batch, "HITCreated", task_no=task_no)
            happen(batch, "HITReviewable", task_no=task_no)
    queue_all()
    results = together(lambda: send_notifications(NOW), lambda: send_notifications(NOW))
    assert outcomes(results) == {"done": 2}
    assert len(sink.told) == 48
    assert len({post.document["EventDocId"] for post in sink.told}) == 48
    for batch in batches:
        for task in batch.tasks.all():
            told = [post.event["EventType"] for post in sink.told if post.event["HITId"] == task.public_id]
            assert told == ["HITCreated", "HITReviewable"]


def test_two_readers_at_once_queue_each_event_once(sink: HookSink) -> None:
    batch = make.batch(rows=10)
    ask(batch, "SNS", sink.url)
    for no in range(10):
        happen(batch, "HITCreated", task_no=no)
    together(*[lambda: queue_notifications(NOW)] * 3)
    queue_all()
    assert Delivery.objects.count() == 10


def test_a_reader_that_lost_its_place_tells_nothing_twice(sink: HookSink) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url)
    happen(batch, "HITCreated")
    queue_all()
    Cursor.objects.filter(reader="machines").update(event_id=0)
    queue_all()
    assert states() == [("HITCreated", "waiting", 0)]


def test_reading_looks_up_what_events_are_about_once_for_all_of_them(sink: HookSink) -> None:
    batch = make.batch(rows=30)
    ask(batch, "SNS", sink.url)
    queue_all()
    for _ in range(30):
        make.submitted(of=batch)
    until_settled()
    with CaptureQueriesContext(connection) as asked:
        queue_all()
    assert Delivery.objects.count() == 60
    assert len([each for each in asked.captured_queries if "work_" in each["sql"]]) == 1
    assert len([each for each in asked.captured_queries if "notices_delivery" in each["sql"]]) == 1


def test_given_up_deliveries_go_again_when_the_requester_says_so_and_where_the_type_points_now(
    sink: HookSink,
) -> None:
    batch = make.batch()
    with hook_sink() as gone:
        ask(batch, "SNS", gone.url)
    happen(batch, "HITCreated")
    queue_all()
    give_up_notifications(NOW + timedelta(days=4))
    delivery = Delivery.objects.get()
    ask(batch, "SNS", sink.url)
    with pytest.raises(NotFound):
        send_again(requester=make.requester(), delivery_id=delivery.pk, now=NOW)
    send_again(requester=batch.requester, delivery_id=delivery.pk, now=NOW)
    assert send_notifications(NOW) == 1
    assert [post.document["EventDocId"] for post in sink.told] == [delivery.document_id]
    with pytest.raises(AlreadyDelivered):
        send_again(requester=batch.requester, delivery_id=delivery.pk, now=NOW)


def test_a_redirect_is_not_followed(sink: HookSink) -> None:
    batch = make.batch()
    ask(batch, "SNS", sink.url)
    Destination.objects.update(confirmed_at=NOW)
    happen(batch, "HITCreated")
    queue_all()
    sink.answer = lambda _post: 302
    assert send_notifications(NOW) == 0
    assert len(sink.posts) == 1
    assert Delivery.objects.get().error == "the answer was 302"


def test_a_name_that_leads_to_this_machine_is_refused_unless_the_operator_allows_it(
    sink: HookSink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def rebinding(host: str, port: int, *rest: Any, **more: Any) -> object:
        if host != "hook.example.org":
            return resolve(host, port, *rest, **more)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    batch = make.batch()
    port = sink.server_address[1]
    ask(batch, "SNS", f"http://hook.example.org:{port}/in")
    happen(batch, "HITCreated")
    queue_all()
    settings.PRIVATE_HOOKS = False
    assert send_notifications(NOW) == 0
    assert sink.posts == []
    assert "not public" in Delivery.objects.get().error
    settings.PRIVATE_HOOKS = True
    asked.clear()
    assert send_notifications(NOW + timedelta(hours=1)) == 1
    assert asked == ["hook.example.org"] * 2, "looked up once for each post"
    assert sink.told[0].headers["host"] == f"hook.example.org:{port}"


def test_every_event_type_of_the_model_is_known() -> None:
    shape = boto3.client("mturk", region_name="us-east-1").meta.service_model.shape_for("EventType")
    assert isinstance(shape, StringShape)
    assert set(shape.enum) == {*EVENT_TYPES, PING}

"""UpdateNotificationSettings and SendTestEventNotification, over TCP by the unmodified boto3."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pytest_django import Settings

from tests import cast, make
from tests.api.conftest import Wire
from tests.notices.hook_sink import HookSink, Post, hook_sink
from tukro.notices.models import Mail, NotificationSetting
from tukro.notices.rules.notifications import EVENT_TYPES

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/events"


@pytest.fixture
def sink(settings: Settings) -> Iterator[HookSink]:
    settings.PRIVATE_HOOKS = True
    with hook_sink() as listening:
        yield listening


def notification(**changed: Any) -> dict[str, Any]:
    usual = {
        "Destination": QUEUE,
        "Transport": "SQS",
        "Version": "2014-08-15",
        "EventTypes": ["AssignmentSubmitted", "HITReviewable"],
    }
    return {**usual, **changed}


def refused(call: Any, **members: Any) -> tuple[str, str]:
    """The kind and the code of the error that a call answers with."""
    with pytest.raises(ClientError) as caught:
        call(**members)
    response: dict[str, Any] = dict(caught.value.response)
    return response["Error"]["Code"], response.get("TurkErrorCode", "")


def test_a_specification_is_kept_and_a_new_one_takes_its_place(wire: Wire) -> None:
    karim = cast.karim()
    hit_type = make.batch(of=karim).task_type.public_id
    client = wire.client_of(karim)
    answer = client.update_notification_settings(HITTypeId=hit_type, Notification=notification())
    assert set(answer) == {"ResponseMetadata"}
    [setting] = NotificationSetting.objects.select_related("destination")
    assert (setting.destination.transport, setting.destination.address) == ("SQS", QUEUE)
    assert (setting.version, setting.active) == ("2014-08-15", True)
    assert setting.event_types == ["AssignmentSubmitted", "HITReviewable"]

    topic = "arn:aws:sns:eu-west-1:123456789012:events"
    changed = notification(
        Destination=topic, Transport="SNS", Version="2006-05-05", EventTypes=list(EVENT_TYPES)
    )
    client.update_notification_settings(HITTypeId=hit_type, Notification=changed, Active=False)
    [setting] = NotificationSetting.objects.select_related("destination")
    assert (setting.destination.transport, setting.destination.address) == ("SNS", topic)
    assert (setting.version, setting.active) == ("2006-05-05", False)
    assert len(setting.event_types) == 11


def test_active_alone_switches_what_was_specified(wire: Wire) -> None:
    karim = cast.karim()
    hit_type = make.batch(of=karim).task_type.public_id
    client = wire.client_of(karim)
    assert refused(client.update_notification_settings, HITTypeId=hit_type, Active=True) == (
        "RequestError",
        "AWS.MechanicalTurk.InvalidParameterValue",
    )
    client.update_notification_settings(HITTypeId=hit_type, Notification=notification())
    for active in (False, True, False):
        client.update_notification_settings(HITTypeId=hit_type, Active=active)
        assert NotificationSetting.objects.get().active is active
    client.update_notification_settings(HITTypeId=hit_type, Notification=notification(Version="2006-05-05"))
    assert NotificationSetting.objects.get().active is False, "a new specification does not switch it on"


def test_one_of_the_two_is_required(wire: Wire) -> None:
    karim = cast.karim()
    hit_type = make.batch(of=karim).task_type.public_id
    kind, _ = refused(wire.client_of(karim).update_notification_settings, HITTypeId=hit_type)
    assert kind == "ParameterValidationError"


def test_a_hit_type_of_nobody_or_of_somebody_else_does_not_exist(wire: Wire) -> None:
    theirs = make.batch().task_type.public_id
    client = wire.client_of(cast.karim())
    for hit_type in ("3UNKNOWN", theirs):
        with pytest.raises(client.exceptions.RequestError, match=f"HITType {hit_type} does not exist"):
            client.update_notification_settings(HITTypeId=hit_type, Notification=notification())
        assert refused(client.update_notification_settings, HITTypeId=hit_type, Active=True) == (
            "RequestError",
            "AWS.MechanicalTurk.HITTypeDoesNotExist",
        )


@pytest.mark.parametrize(
    "wrong",
    [{"Version": "2017-01-17"}, {"EventTypes": []}, {"EventTypes": ["AssignmentSubmitted", "Ping"]}],
    ids=["version", "no events", "Ping"],
)
def test_a_specification_with_a_wrong_value_is_refused_and_nothing_is_kept(
    wire: Wire, wrong: dict[str, Any]
) -> None:
    karim = cast.karim()
    hit_type = make.batch(of=karim).task_type.public_id
    kind, _ = refused(
        wire.client_of(karim).update_notification_settings,
        HITTypeId=hit_type,
        Notification=notification(**wrong),
    )
    assert kind == "ParameterValidationError"
    assert not NotificationSetting.objects.exists()


def test_an_event_type_or_transport_that_the_model_does_not_know_is_a_validation_exception(
    wire: Wire,
) -> None:
    client = wire.client_of(cast.karim())
    for wrong in ({"EventTypes": ["HITEaten"]}, {"Transport": "Pigeon"}):
        kind, _ = refused(
            client.update_notification_settings, HITTypeId="3X", Notification=notification(**wrong)
        )
        assert kind == "ValidationException"


@pytest.mark.parametrize(
    ("transport", "destination"),
    [
        ("SQS", "arn:aws:sqs:us-east-1:123456789012:events"),
        ("SQS", "https://queue.example.org/123456789012/events"),
        ("SQS", "http://169.254.169.254/latest/meta-data"),
        ("SNS", "arn:aws:sqs:us-east-1:123456789012:events"),
        ("SNS", "http://example.org/hook"),
        ("SNS", "https://127.0.0.1/hook"),
        ("SNS", "https://[::ffff:10.0.0.1]/hook"),
        ("SNS", "https://example.org:22/hook"),
        ("SNS", "https://user:word@example.org/hook"),
        ("Email", "not an address"),
        ("Email", "stranger@example.com"),
    ],
)
def test_a_destination_that_is_none_is_an_invalid_transport_endpoint(
    wire: Wire, transport: str, destination: str
) -> None:
    karim = cast.karim()
    hit_type = make.batch(of=karim).task_type.public_id
    client = wire.client_of(karim)
    wrong = notification(Transport=transport, Destination=destination)
    for call in (
        lambda: client.update_notification_settings(HITTypeId=hit_type, Notification=wrong),
        lambda: client.send_test_event_notification(Notification=wrong, TestEventType="Ping"),
    ):
        assert refused(call) == ("RequestError", "AWS.MechanicalTurk.InvalidTransportEndpoint")
    assert not NotificationSetting.objects.exists()


@pytest.mark.parametrize("event", ["Ping", "AssignmentSubmitted", "HITReviewable"])
def test_a_test_arrives_before_the_answer_with_ids_of_nothing(wire: Wire, sink: HookSink, event: str) -> None:
    karim = cast.karim()
    answer = wire.client_of(karim).send_test_event_notification(
        Notification=notification(Transport="SNS", Destination=sink.url, EventTypes=["HITCreated"]),
        TestEventType=event,
    )
    assert set(answer) == {"ResponseMetadata"}
    [post] = sink.posts
    assert post.envelope["Type"] == "Notification"
    assert post.event["EventType"] == event
    assert ("AssignmentId" in post.event) is event.startswith("Assignment")
    assert len(post.event["HITId"]) == len(post.event["HITTypeId"]) == 30
    assert post.document["CustomerId"] == karim.public_id


def test_ping_may_stand_among_the_events_of_a_test(wire: Wire, sink: HookSink) -> None:
    wire.client_of(cast.karim()).send_test_event_notification(
        Notification=notification(Transport="SNS", Destination=sink.url, EventTypes=["Ping"]),
        TestEventType="Ping",
    )
    assert [post.event["EventType"] for post in sink.posts] == ["Ping"]


def test_a_test_that_does_not_arrive_is_an_error(wire: Wire, sink: HookSink) -> None:
    client = wire.client_of(cast.karim())
    spec = notification(Transport="SNS", Destination=sink.url)
    sink.answer = lambda _post: 503
    with pytest.raises(client.exceptions.RequestError, match="the answer was 503"):
        client.send_test_event_notification(Notification=spec, TestEventType="Ping")
    with hook_sink() as gone:
        spec["Destination"] = gone.url
    assert refused(client.send_test_event_notification, Notification=spec, TestEventType="Ping") == (
        "RequestError",
        "AWS.MechanicalTurk.InvalidTransportEndpoint",
    )


def test_a_name_that_leads_into_the_house_is_refused_when_it_is_used(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def rebound(host: str, port: int, *rest: Any, **more: Any) -> Any:
        return resolve("127.0.0.1" if host == "evil.example.org" else host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    client = wire.client_of(cast.karim())
    spec = notification(Transport="SNS", Destination="https://evil.example.org/hook")
    with pytest.raises(client.exceptions.RequestError, match="not public"):
        client.send_test_event_notification(Notification=spec, TestEventType="Ping")


def test_a_requester_has_one_test_under_way_at_a_time(wire: Wire, sink: HookSink) -> None:
    karim = cast.karim()
    came, go_on = threading.Event(), threading.Event()

    def slowly(_post: Post) -> int:
        came.set()
        return 200 if go_on.wait(20) else 500

    sink.answer = slowly
    spec = notification(Transport="SNS", Destination=sink.url)
    slow, other = wire.client_of(karim), wire.client_of(karim)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow.send_test_event_notification, Notification=spec, TestEventType="Ping")
        assert came.wait(20)
        assert refused(other.send_test_event_notification, Notification=spec, TestEventType="Ping") == (
            "ThrottlingException",
            "",
        )
        go_on.set()
        first.result(20)
    other.send_test_event_notification(Notification=spec, TestEventType="Ping")


def test_a_test_by_mail_goes_to_the_requesters_own_address(wire: Wire) -> None:
    karim = cast.karim()
    wire.client_of(karim).send_test_event_notification(
        Notification=notification(Transport="Email", Destination="Karim@example.org"),
        TestEventType="HITReviewable",
    )
    [mail] = Mail.objects.all()
    assert mail.to == "Karim@example.org"
    assert mail.subject.startswith("HITReviewable: 3TEST")
    [line] = [line for line in mail.text.splitlines() if line.startswith("{")]
    assert json.loads(line)["Events"][0]["EventType"] == "HITReviewable"

"""Receivers as people have them: written for SNS, they understand our web hook as they are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import make
from tests.make import NOW
from tests.notices.asking import ask
from tests.notices.telling import queue_all
from tukro.notices.actions.settings import secret_of
from tukro.notices.jobs import send_notifications
from tukro.notices.models import Destination

pytestmark = pytest.mark.django_db(transaction=True)


class _Listener(BaseHTTPRequestHandler):
    """In the way of Dallinger's listener: JSON whatever the content type says, two kinds of message."""

    server: Listener

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if content["Type"] == "SubscriptionConfirmation":
            self._confirm(token=content["Token"], topic=content["TopicArn"], url=content["SubscribeURL"])
            self._answer(self.server.says_when_asked)
        elif content["Type"] == "Notification":
            message = json.loads(content["Message"])
            assert content["Subject"].isdigit()
            self.server.events.extend(message["Events"])
            self._answer(200)
        else:
            self._answer(400)

    def _confirm(self, *, token: str, topic: str, url: str) -> None:
        assert token
        assert topic.startswith("arn:")
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.status == 200
        self.server.confirmed.append(topic)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listener)
        self.events: list[dict[str, str]] = []
        self.confirmed: list[str] = []
        self.says_when_asked = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/mturk-sns-listener"


@contextmanager
def listening() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("says_when_asked", [200, 500])
def test_a_listener_written_for_sns_confirms_and_is_told(
    live_server: LiveServer, settings: Settings, says_when_asked: int
) -> None:
    settings.PRIVATE_HOOKS, settings.SITE_URL = True, live_server.url
    batch = make.batch()
    with listening() as receiver:
        receiver.says_when_asked = says_when_asked
        ask(batch, "SNS", receiver.url, events=["AssignmentSubmitted"])
        work = make.submitted(of=batch)
        queue_all()
        send_notifications(NOW)
        send_notifications(NOW + timedelta(minutes=1))  # its visit counts, whatever it answered then
    assert len(receiver.confirmed) == 1
    assert [(event["EventType"], event["AssignmentId"]) for event in receiver.events] == [
        ("AssignmentSubmitted", work.public_id)
    ]
    assert Destination.objects.get().confirmed_at is not None


@dataclass
class Verifier:
    """A receiver's check as docs/wire/notifications.md says it: signature, age, and nothing twice."""

    secret: str
    now: datetime
    seen: set[str] = field(default_factory=set)

    def accepts(self, headers: dict[str, str], body: str) -> bool:
        message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = base64.b64encode(
            hmac.new(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
        ).decode()
        if not any(
            hmac.compare_digest(f"v1,{expected}", given) for given in headers["webhook-signature"].split(" ")
        ):
            return False
        if abs(self.now.timestamp() - int(timestamp)) > 300 or message_id in self.seen:
            return False
        self.seen.add(message_id)
        return True


def test_a_receiver_can_tell_ours_from_forged_old_and_repeated_posts(settings: Settings) -> None:
    settings.PRIVATE_HOOKS = True
    batch = make.batch()
    posts: list[tuple[dict[str, str], str]] = []

    class Keeper(_Listener):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posts.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self._answer(200)

    with listening() as receiver:
        receiver.RequestHandlerClass = Keeper
        setting = ask(batch, "SNS", receiver.url)
        make.submitted(of=batch)
        queue_all()
        send_notifications(NOW)
    assert len(posts) == 3
    verifier = Verifier(secret_of(setting.destination) or "", NOW)
    for headers, body in posts:
        forged: list[tuple[dict[str, str], str]] = [
            (headers, body.replace("Type", "type", 1)),
            ({**headers, "webhook-id": "0" * 40}, body),
            ({**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body),
            ({**headers, "webhook-signature": "v1," + "A" * 43 + "="}, body),
        ]
        assert not any(verifier.accepts(*each) for each in forged)
        assert verifier.accepts(headers, body)
        assert not verifier.accepts(headers, body), "a second time"
        late = Verifier(verifier.secret, NOW + timedelta(seconds=400))
        assert not late.accepts(headers, body), "an old one"
    stranger: Any = Verifier("whsec_" + base64.b64encode(b"x" * 32).decode(), datetime.now(UTC))
    assert not stranger.accepts(*posts[0])

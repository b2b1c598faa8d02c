"""One event is one line, in words or as an object."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from tukro.runtime.logs import Line


def _event(message: str) -> logging.LogRecord:
    record = logging.LogRecord("tukro.work", logging.WARNING, __file__, 1, message, None, None)
    record.created = 1_790_000_000.25
    return record


def test_a_line_for_people() -> None:
    assert Line().format(_event("a job failed")) == "14:13:20 warning tukro.work: a job failed"


def test_what_strangers_send_cannot_forge_a_line() -> None:
    assert Line().format(_event("GET /\n12:00:00 warning forged")).count("\n") == 0


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_strangers_send_cannot_fill_the_disk(style: str) -> None:
    assert len(Line(style=style).format(_event("GET /" + "a" * 60_000))) < 2500


def test_a_name_that_is_not_ours_is_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/how-it-works", headers={"host": "evil.example"}).status_code == 400
    (event,) = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert Line().format(event).count("\n") == 0
    assert "evil.example" in event.getMessage()


def test_an_object_for_collectors() -> None:
    event = json.loads(Line(style="json").format(_event("দুই")))
    assert {name: event[name] for name in ("at", "level", "logger", "message")} == {
        "at": "2026-09-21T14:13:20.250+00:00",
        "level": "warning",
        "logger": "tukro.work",
        "message": "দুই",
    }

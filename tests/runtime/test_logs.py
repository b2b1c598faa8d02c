"""One event is one line, in words or as an object."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from tukro.runtime.logs import Line

_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"  # without saying what is between them


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


@pytest.mark.django_db
def test_what_strangers_do_wrong_is_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/how-it-works", headers={"host": "evil.example"}).status_code == 400
    many = "&".join(f"a{no}=1" for no in range(2000))
    assert client.generic("POST", "/language", many, _FORM).status_code == 413
    assert client.generic("POST", "/language", "x", _PARTS).status_code == 400
    assert len(caplog.records) >= 3
    assert all("\n" not in Line().format(event) for event in caplog.records)


def test_a_fault_of_ours_says_where(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise LookupError("nothing there")
    except LookupError:
        logging.getLogger("tukro.work").exception("a job failed")
    assert "test_logs.py" in Line().format(caplog.records[0])


def test_an_object_for_collectors() -> None:
    event = json.loads(Line(style="json").format(_event("দুই")))
    assert {name: event[name] for name in ("at", "level", "logger", "message")} == {
        "at": "2026-09-21T14:13:20.250+00:00",
        "level": "warning",
        "logger": "tukro.work",
        "message": "দুই",
    }

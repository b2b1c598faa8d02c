"""A story that is lived once and then read: what was on each page, in a market that is gone afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from tukro.money.queries import ledger_faults
from tukro.work.queries import work_faults


@dataclass
class Story:
    """The pages by the name of their step, the statuses, and figures worth keeping."""

    pages: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)  # where one stands after the step
    facts: dict[str, Any] = field(default_factory=dict)

    def open(self, step: str, client: Client, path: str) -> str:
        return self._keep(step, client.get(path, follow=True), path)  # type: ignore[arg-type]  # the client's answer is one

    def send(self, step: str, client: Client, path: str, **fields: object) -> str:
        return self._keep(step, client.post(path, fields, follow=True), path)  # type: ignore[arg-type]  # the client's answer is one

    def _keep(self, step: str, answer: HttpResponse, path: str) -> str:
        chain: list[tuple[str, int]] = getattr(answer, "redirect_chain", [])
        self.pages[step] = unescape(answer.content.decode())
        self.statuses[step] = answer.status_code
        self.addresses[step] = chain[-1][0] if chain else path
        return self.addresses[step]


@contextmanager
def lived(live: Callable[[Story], None], blocker: DjangoDbBlocker, files: Path) -> Iterator[Story]:
    """Live the story in a transaction that is taken back; its books must balance."""
    story = Story()
    outbox = "tukro.notices.channels.outbox.OutboxBackend"
    with (
        blocker.unblock(),
        override_settings(EMAIL_BACKEND=outbox, FILES_ROOT=files),
        transaction.atomic(),
    ):
        live(story)
        assert [*ledger_faults(), *work_faults()] == []
        transaction.set_rollback(True)
    yield story

"""Run the readers of the journal until they have read everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.make import NOW
from tests.settling import until
from tukro.journal.models import Event
from tukro.notices.actions.letters import letters_of
from tukro.notices.actions.telling import tell
from tukro.notices.jobs import queue_notifications, tell_people
from tukro.notices.models import Cursor


def tell_all() -> None:
    """Tell people all that is in the journal."""
    _read_to_the_end("people", tell_people)


def tell_at_once() -> None:
    """Tell people of all events: those of this very transaction too, and again those told before."""
    tell(list(letters_of(list(Event.objects.order_by("id")))), now=NOW)


def queue_all() -> None:
    """Queue a delivery for all that programs asked for."""
    _read_to_the_end("machines", queue_notifications)


def _read_to_the_end(reader: str, read: Callable[[datetime], int]) -> None:
    """A reader waits for transactions older than an event, and such may run in any database of the server."""
    newest = Event.objects.latest("id").id

    def at_the_end() -> bool:
        read(NOW)
        return Cursor.objects.filter(reader=reader, event_id=newest).exists()

    until(at_the_end, "the journal was not read to its end")

"""Run the reader of the journal until it has read everything."""

from __future__ import annotations

import time

from tests.make import NOW
from tukro.journal.models import Event
from tukro.notices.jobs import tell_people
from tukro.notices.models import Cursor

PATIENCE_SECONDS = 30.0


def tell_all() -> None:
    """Tell people all that is in the journal.

    A reader waits for transactions older than an event, and such may run in any database of the server.
    """
    newest = Event.objects.latest("id").id
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        tell_people(NOW)
        if Cursor.objects.filter(reader="people", event_id=newest).exists():
            return
        time.sleep(0.05)
    raise AssertionError("the journal was not read to its end")

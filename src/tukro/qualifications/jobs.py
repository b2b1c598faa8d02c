"""What time does to qualifications. Each function does all that is due and returns how much it was."""

from __future__ import annotations

from datetime import datetime

from tukro.qualifications.actions import requesting


def lapse_late(now: datetime) -> int:
    """Tests whose time ran out are over; the worker may try again when the type allows it."""
    done = 0
    while some := requesting.lapse_late(now=now):
        done += some
    return done

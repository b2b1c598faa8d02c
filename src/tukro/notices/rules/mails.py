"""When to try again to send a mail, and when to stop."""

from __future__ import annotations

from datetime import timedelta

# A mail server that is down for a night must not cost anyone their mail.
_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
)
# How long a mail is one sender's own. Longer than a server that answers at all takes for one.
CLAIM = timedelta(minutes=2)
ATTEMPTS = len(_WAITS) + 1


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: never again."""
    return _WAITS[attempts - 1] if attempts < ATTEMPTS else None

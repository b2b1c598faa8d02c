"""How often one access key may call: settings.WIRE_RATE a second, over spans of ten seconds.

Every process counts for itself, and twice a second tells the others in a row of its own; that travels with
the look-up of the key. So the limit holds across processes and machines without a row that they share, and
costs no further round trip; between two tellings a burst may pass a little more than the limit.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tukro.api.mturk.errors import WireError
from tukro.people.actions.wire import Use

SPAN_SECONDS = 10
_TELL_EVERY = 0.5
_KEPT = 10_000


@dataclass(slots=True)
class _Count:
    span: int
    here: int = 0
    elsewhere: int = 0
    told_at: float = float("-inf")


class Throttle:
    """The counts of one process."""

    def __init__(self) -> None:
        self._process = uuid.uuid4()
        self._counts: dict[str, _Count] = {}

    def admit(self, key_id: str, now: datetime) -> Use | None:
        """Count one call; returns what to tell the others, when it is time. Raises WireError past it."""
        span = int(now.timestamp()) // SPAN_SECONDS
        count = self._counts.get(key_id)
        if count is None or count.span != span:
            count = self._begin(key_id, span)
        if count.here + count.elsewhere >= settings.WIRE_RATE * SPAN_SECONDS:
            raise WireError("ThrottlingException", "", "Rate exceeded")
        count.here += 1
        moment = time.monotonic()
        if moment - count.told_at < _TELL_EVERY:
            return None
        count.told_at = moment
        return Use(self._process, span, count.here)

    def learn(self, key_id: str, elsewhere: int) -> None:
        """Note how often the key called the other processes in this span."""
        if count := self._counts.get(key_id):
            count.elsewhere = elsewhere

    def _begin(self, key_id: str, span: int) -> _Count:
        if len(self._counts) >= _KEPT:
            self._counts = {key: count for key, count in self._counts.items() if count.span == span}
        count = self._counts[key_id] = _Count(span)
        return count

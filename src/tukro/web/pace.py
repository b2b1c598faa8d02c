"""How fast one worker's programs may read: settings.WORKER_RATE a second, with a reserve for bursts.

Each process counts for itself in memory: a read costs no statement for it, and the documented limit is the
least that a program can rely on.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict

from django.conf import settings

BURST_SECONDS = 10  # what is not used is saved up for this long
_KEPT = 10_000  # workers that are remembered; who was forgotten starts with a full reserve


class Pace:
    """The reserves of one process: worker → (reads left, when that was so)."""

    def __init__(self) -> None:
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def wait_for(self, worker: int, *, at: float | None = None) -> int:
        """0 when the worker may read now; else the seconds to wait."""
        at = time.monotonic() if at is None else at
        rate = settings.WORKER_RATE
        most = rate * BURST_SECONDS
        left, since = self._left.get(worker, (most, at))
        left = min(most, left + (at - since) * rate)
        allowed = left >= 1
        self._left[worker] = (left - 1 if allowed else left, at)
        self._left.move_to_end(worker)
        if len(self._left) > _KEPT:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / rate))

    def forget(self) -> None:
        """Everybody has a full reserve again."""
        self._left.clear()


PACE = Pace()

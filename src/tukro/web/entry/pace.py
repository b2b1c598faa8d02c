"""How fast somebody may call: so often a second, with a reserve for bursts.

One worker's programs read at settings.WORKER_RATE, web hooks come at settings.HOOK_RATE from one address.
Each process counts for itself in memory: a call costs no statement for it, and the documented limit is the
least that a program can rely on.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from django.conf import settings

BURST_SECONDS = 10  # what is not used is saved up for this long
_KEPT = 10_000  # callers that are remembered; who was forgotten starts with a full reserve


class Pace:
    """The reserves of one process: caller → (calls left, when that was so). ``rate``: calls a second."""

    def __init__(self, rate: Callable[[], float]) -> None:
        self._rate = rate
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def wait_for(self, caller: Hashable, *, at: float | None = None) -> int:
        """0 when the caller may go on now; else the seconds to wait."""
        at = time.monotonic() if at is None else at
        rate = self._rate()
        most = rate * BURST_SECONDS
        left, since = self._left.get(caller, (most, at))
        left = min(most, left + (at - since) * rate)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, at)
        self._left.move_to_end(caller)
        if len(self._left) > _KEPT:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / rate))

    def forget(self) -> None:
        """Everybody has a full reserve again."""
        self._left.clear()


PACE = Pace(lambda: settings.WORKER_RATE)
# By provider and address; and by provider alone, so that many addresses together are held back too.
HOOKS_OF_ONE = Pace(lambda: settings.HOOK_RATE)
HOOKS_OF_ALL = Pace(lambda: settings.HOOK_RATE * 10)

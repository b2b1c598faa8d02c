"""Who stands at granian's door: as few threads as can be, and soon as many as are needed.

granian gives requests in turn to the threads that stand at its door. Were all there, each request would
come by another one, which asks for Python's lock while somebody works, and finds nothing of its own in the
processor's caches. So who has nothing to do stands aside while somebody is at the door, or was just now.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

# How long nobody need come from the door with a request before somebody else goes and looks, in seconds.
ABSENCE = 0.005
# Who stands aside looks so often whether he is needed; after so long without a request, when one comes.
GLANCE, WAKEFUL = 0.01, 0.5
# When the door is found empty again within so long, a crowd is there.
CROWDED = 3 * GLANCE
MOST = 128
# After so long without a request all go to the door, where granian ends who has stood there for a minute.
QUIET = 30.0


class Attendance:
    """The door of one process. ``lacks_one`` and ``look_away`` are for one thread at a time."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._came_at = self._went_at = self._empty_at = clock()
        self._somebody_came = Event()
        self._sent = self._to_send = 0

    def come(self) -> None:
        """A thread has come from the door with a request."""
        self._came_at = self._clock()
        if not self._somebody_came.is_set():
            self._somebody_came.set()

    def go(self) -> None:
        """A thread goes to the door."""
        self._went_at = self._clock()

    def lacks_one(self) -> bool:
        """Whether one who stands aside must go to the door.

        Who went there after the last one had come stands there still; else whoever works will be back in a
        moment. When he is not, one more goes; when the door is empty again at once, twice as many each time.
        They go in this moment or not at all: a crowd that has gone sends nobody any more.
        """
        now = self._clock()
        if self._to_send and now - self._empty_at < ABSENCE:
            self._to_send -= 1
            return True
        silent = now - self._came_at
        if silent < ABSENCE or (self._went_at > self._came_at and silent < QUIET):
            return False
        again = now - self._empty_at < CROWDED
        self._sent = min(max(1, 2 * self._sent), MOST) if again else 1
        self._to_send, self._empty_at = self._sent - 1, now
        return True

    def look_away(self, *, briefly: bool) -> None:
        """Sleep for a moment; when it is quiet until somebody comes, unless it must be ``briefly``."""
        if not briefly and self._clock() - self._came_at > WAKEFUL:
            self._somebody_came.clear()
            if self._clock() - self._came_at > WAKEFUL:  # nobody came between the look and the clearing
                self._somebody_came.wait(QUIET)
                return
        time.sleep(GLANCE)

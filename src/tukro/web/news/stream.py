"""One news stream: what its listener was told, what waits to be told, and how it is written.

An event's id says how every topic stood when it was told. A listener that comes back with it is told what is
different, whichever process it comes to: no events are kept anywhere. What waits is the latest state of each
topic, so a listener that reads slowly costs no more than one that reads at once.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import datetime

from tukro.people.queries.visiting import Listener
from tukro.web.news.reading import MOST_GROUPS, Credential
from tukro.web.news.topics import LIST, TOPICS, Data, Facts, Told, at, changed, list_data, mark_of, micros
from tukro.work.queries.heard import Opening

RETRY_MILLISECONDS = 3000
HEARTBEAT_SECONDS = 15.0
_HEARTBEAT = b": still here\n\n"
_UNTOLD = "0" * 10
_ID = re.compile(rf"(\d{{1,16}})((?:\.[0-9a-f]{{10}}){{{len(TOPICS)}}})")


class Stream:
    """``last_id``: of the last event that the listener heard, or ''; one that we did not write is as none.

    ``client``: what the listener calls the place where it listens, or ''.
    """

    def __init__(self, credential: Credential, listener: Listener, *, client: str, last_id: str) -> None:
        self.credential, self.listener, self.client = credential, listener, client
        known = _ID.fullmatch(last_id)
        self._marks = dict(zip(TOPICS, known[2][1:].split("."), strict=True)) if known else {}
        self._listed = int(known[1]) if known else 0
        self._resumes = known is not None
        self._facts: Facts | None = None
        self._waiting: list[str] = []  # topics, in the order in which they will be told
        self._groups: dict[str, Told] = {}  # that came to the list and wait to be told
        self._first: frozenset[tuple[str, datetime]] = frozenset()
        self._open_groups = 0
        self._end: Data | None = None
        self._wake = asyncio.Event()

    @property
    def since(self) -> datetime | None:
        """What was listed later is new to the listener; None for one that begins."""
        return at(self._listed) if self._resumes else None

    def begin(
        self,
        facts: Facts,
        groups: Collection[Told],
        *,
        first: Collection[Opening],
        newest: datetime | None,
        open_groups: int,
    ) -> None:
        """Tell how things stand, or to one that comes back what is different.

        ``first``: groups that the next look may find as well, and that are no news then.
        """
        self._facts, self._open_groups = facts, open_groups
        self._first = frozenset((one.group_id, one.listed_at) for one in first)
        if self._resumes:
            self._add(groups)
        else:
            self._listed = micros(newest) if newest else 0
            self._waiting.append(LIST)
        self._tell(topic for topic in TOPICS if self._marks.get(topic) != mark_of(facts, topic))

    def note(self, facts: Facts) -> None:
        """How things stand now."""
        if self._facts is not None and (topics := changed(self._facts, facts)):
            self._facts = facts
            self._tell(topics)

    def note_list(self, groups: Collection[Told], *, open_groups: int) -> None:
        """Groups that came to the open list."""
        self._open_groups = open_groups
        self._add([one for one in groups if (one.group.group_id, one.group.listed_at) not in self._first])

    def end(self, why: Data | None = None) -> None:
        """The listener hears ``why``, if anything, and then nothing more."""
        self._end = why or {}
        self._wake.set()

    async def written(self) -> AsyncIterator[bytes]:
        """The stream as it goes over the line, until it is ended."""
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        while self._end is None:
            while self._waiting and self._end is None:
                yield self._event(self._waiting.pop(0))
            self._wake.clear()
            if self._end is None and not self._waiting:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    yield _HEARTBEAT
        if self._end:
            yield _written("end", self._end)

    def _add(self, groups: Collection[Told]) -> None:
        if groups:
            self._groups |= {one.group.group_id: one for one in groups}
            self._tell([LIST])

    def _tell(self, topics: Iterable[str]) -> None:
        self._waiting += [topic for topic in topics if topic not in self._waiting]
        self._wake.set()

    def _event(self, topic: str) -> bytes:
        assert self._facts is not None
        if topic == LIST:
            data = self._list()
        else:
            data = TOPICS[topic](self._facts)
            self._marks[topic] = mark_of(self._facts, topic)
        return _written(topic, data, self._id())

    def _list(self) -> Data:
        newest_first = sorted(self._groups.values(), key=lambda one: one.group.listed_at, reverse=True)
        self._groups = {}
        if newest_first:
            self._listed = max(self._listed, micros(newest_first[0].group.listed_at))
        data = list_data(newest_first[:MOST_GROUPS], newest=self._listed, open_groups=self._open_groups)
        return {**data, "new": len(newest_first)}

    def _id(self) -> str:
        return ".".join([str(self._listed), *(self._marks.get(topic, _UNTOLD) for topic in TOPICS)])


def _written(event: str, data: Data, event_id: str = "") -> bytes:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))  # on one line: JSON escapes the others
    first = f"id: {event_id}\n" if event_id else ""
    return f"{first}event: {event}\ndata: {body}\n\n".encode()

"""Looks at the market again and again for everybody who listens, and tells each what changed for them."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import Error

from tukro.web.entry.pace import PACE
from tukro.web.news.reading import Credential, Reader, Seen
from tukro.web.news.stream import Stream

P = ParamSpec("P")
T = TypeVar("T")
STREAMS_PER_PERSON = 5
_LOG = logging.getLogger(__name__)


class TurnedAway(Exception):
    """Nobody listens by this. ``wait``: seconds after which it makes sense to come again; 0: never."""

    wait = 0

    def __init__(self, wait: int = 0) -> None:
        super().__init__()
        self.wait = wait or self.wait


class Stranger(TurnedAway):
    """No session and no token that holds."""


class TooFast(TurnedAway):
    """More reads than the worker's pace allows."""


class TooManyStreams(TurnedAway):
    """The worker listens ``STREAMS_PER_PERSON`` times already."""

    wait = 30


class NoRoom(TurnedAway):
    """This process has as many streams as it may, or its database does not answer."""

    wait = 15


class Watch:
    """The streams of one process. Lives on its event loop; only the reader has a thread of its own."""

    def __init__(self) -> None:
        self._reader = Reader()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="news")
        self._streams: dict[Credential, list[Stream]] = {}
        self._of_worker: Counter[int] = Counter()

    @property
    def count(self) -> int:
        """How many listen."""
        return self._of_worker.total()

    async def join(self, credential: Credential, *, token: str, client: str, last_id: str) -> Stream:
        """A new stream, which must ``leave``. Raises Stranger, TooFast, TooManyStreams, NoRoom.

        One of the same ``client`` gives its place up: its line may have died long before anybody notices.
        """
        self._refuse_when_full()
        listener = await self._ask(self._reader.whose, credential, token)
        if listener is None:
            raise Stranger
        if wait := PACE.wait_for(listener.worker_id):
            raise TooFast(wait)
        for older in [one for one in self._streams.get(credential, ()) if client and one.client == client]:
            older.end({"error": "replaced"})
            self.leave(older)
        if self._of_worker[listener.worker_id] >= STREAMS_PER_PERSON:
            raise TooManyStreams
        self._refuse_when_full()
        stream = Stream(credential, listener, client=client, last_id=last_id)
        self._streams.setdefault(credential, []).append(stream)
        self._of_worker[listener.worker_id] += 1
        try:
            seen = await self._ask(self._reader.begin, listener, stream.since)
        except BaseException:
            self.leave(stream)
            raise
        stream.begin(
            seen.facts[listener.worker_id],
            seen.fits.get(listener.worker_id, []),
            first=seen.opened,
            newest=seen.newest,
            open_groups=seen.open_groups,
        )
        return stream

    def leave(self, stream: Stream) -> None:
        """The listener has gone. Twice does nothing."""
        of_one = self._streams.get(stream.credential, [])
        if stream not in of_one:
            return
        of_one.remove(stream)
        if not of_one:
            del self._streams[stream.credential]
        self._of_worker[stream.listener.worker_id] -= 1
        if not self._of_worker[stream.listener.worker_id]:
            del self._of_worker[stream.listener.worker_id]

    async def run(self, *, every: float) -> None:
        """Look again and again. A look that fails is told to the operator, and the next one comes."""
        while True:
            asked = list(self._streams)
            try:
                seen = await self._ask(self._reader.look, asked)
            except NoRoom:
                pass  # told already
            except Exception:
                _LOG.exception("a look at the market failed")
            else:
                if seen is not None:
                    self._spread(asked, seen)
            await asyncio.sleep(every)

    def close(self) -> None:
        """Let everybody go; they come back to whoever serves next."""
        for streams in list(self._streams.values()):
            for stream in streams:
                stream.end()

    def _spread(self, asked: Collection[Credential], seen: Seen) -> None:
        for credential in asked:
            listener = seen.listeners.get(credential.hash)
            for stream in self._streams.get(credential, ()):
                if listener is None:
                    stream.end({"error": "bad_token" if credential.is_token else "sign_in_required"})
                    continue
                stream.note(seen.facts[listener.worker_id])
                if groups := seen.fits.get(listener.worker_id):
                    stream.note_list(groups, open_groups=seen.open_groups)

    def _refuse_when_full(self) -> None:
        if self.count >= settings.NEWS_STREAMS:
            raise NoRoom

    async def _ask(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the reader answers. Raises NoRoom when the database does not; the next one asks it anew."""

        def on_its_thread() -> T:
            try:
                return read(*args, **kwargs)
            except Error:
                self._reader.forget_connection()
                raise

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, on_its_thread)
        except Error as error:
            _LOG.warning("the database does not answer: %s", error)
            raise NoRoom from None

"""The news server: granian in front of the ASGI application, in this process and on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import resource
import signal

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

_APPLICATION = "tukro.asgi"
_BESIDES = 200  # connections for those who are turned away, and files of the process itself
_END_WITHIN = 1.0  # seconds for listeners to hear that it is over


def serve(*, host: str, port: int, streams: int, every: float) -> None:
    """Serve until SIGINT or SIGTERM; ``every`` so many seconds look for what changed."""
    _allow_open_files(streams + _BESIDES)
    asyncio.run(_serve(host, port, streams, every))


async def _serve(host: str, port: int, streams: int, every: float) -> None:
    door = importlib.import_module(_APPLICATION).application
    door.look_every = every
    # What is loaded stays: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    server = Server(
        door,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        backlog=1024,
        backpressure=streams + _BESIDES,
        websockets=False,
        log_level=LogLevels.error,  # it warns that being embedded is new; faults are told as ever
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not serving.done():
        door.close()  # streams never end by themselves
        server.stop()  # type: ignore[no-untyped-call]  # granian has no types there
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, _END_WITHIN)
    else:
        serving.result()  # the fault, if it ended by one


def _allow_open_files(count: int) -> None:
    """Each stream is a socket; many systems begin with 1,024 and allow more to who asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

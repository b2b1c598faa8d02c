"""Start the market on this machine and keep it running until Ctrl-C.

The first start makes the data directory (TUKRO_DATA, or var/ in the clone) with its secrets, the embedded
PostgreSQL, the tables and a small demo market; later starts keep what is there. A process that dies is
started again. To begin anew, stop it and delete the data directory.

With TUKRO_SANDBOX_PORT a sandbox runs beside it: a market of its own, with play money and data of its own.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from tukro.cli import sign_ins
from tukro.cli.ground import use_database
from tukro.cli.ready import PREPARED, bring_words_and_files, refuse_shared_names
from tukro.cli.trust import refuse_other_alias_key, refuse_unfit_database
from tukro.runtime import sandbox
from tukro.runtime.database import check_server, own_cluster
from tukro.runtime.faults import CannotRun
from tukro.runtime.keeper import Kept, stop_all
from tukro.runtime.place import given_database_url
from tukro.runtime.postgres import Cluster
from tukro.runtime.processes import FileLock, port_is_free

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_EVERY = 0.2
_READY_WITHIN = 60.0
_PORTS_TRIED = 20
_NEEDED = ("web", "jobs")


# The end is wanted. The exception that says so at once is lost where Python drops what is raised, as in the
# hooks around a fork: whoever waits looks here too.
_end_is_wanted = threading.Event()


class _Stop(BaseException):
    """The operator wants an end. Not an Exception: nothing on the way may swallow it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # everything is said by the environment


def run(options: argparse.Namespace) -> int:
    del options
    sys.unraisablehook = _say_what_was_lost
    began = time.monotonic()
    try:
        _listen_for_the_end()
        with _only_one_here(), _database() as cluster:
            _prepare()
            with _sandbox() as beside, _processes() as kept:
                _wait_until_ready([one for one in kept if one.name in _NEEDED])
                _greet(time.monotonic() - began)
                _look_after([*kept, *beside], cluster)
    except _Stop:
        pass
    _say("stopped")
    return 0


def _listen_for_the_end() -> None:
    for number in _STOP_SIGNALS:
        # Under nohup the end of the terminal is not ours.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop_once)


def _stop_once(*_: object) -> None:
    # From here on everything is being stopped; a second Ctrl-C must not cut that short.
    for each in _STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    _end_is_wanted.set()
    _say("stopping")
    raise _Stop


def _say_what_was_lost(lost: sys.UnraisableHookArgs) -> None:
    """Python shows what it drops; that the operator wants an end is known already."""
    if not isinstance(lost.exc_value, _Stop):
        sys.__unraisablehook__(lost)


@contextmanager
def _only_one_here() -> Iterator[None]:
    """Refuse a second start with the same data, a port in use, and a site that shares its name with tasks."""
    refuse_shared_names()
    lock = FileLock(settings.DATA / "up.lock")
    if not lock.take():
        raise CannotRun(
            f"Tukro already runs with the data in {settings.DATA}.",
            mend="Use it, stop it, or set TUKRO_DATA and TUKRO_PORT for a second market.",
        )
    if not port_is_free(settings.HOST, settings.PORT):
        raise CannotRun(
            f"Another program listens on {settings.HOST}:{settings.PORT}.",
            mend=f"Stop it, or choose another port: TUKRO_PORT={_other_port()} ./tukro up",
        )
    if sandbox.is_wanted():
        _refuse_sandbox_port(sandbox.sandbox_port())
    os.environ["TUKRO_NEWS_PORT"] = str(_news_port())  # for all that we start
    try:
        yield
    finally:
        lock.release()


def _refuse_sandbox_port(given: str) -> None:
    """Refuse a port that the sandbox could not have, before it fails again and again beside the market."""
    number = int(given) if given.isascii() and given.isdigit() else 0
    if not 1 <= number <= 65_535 or number == settings.PORT or not port_is_free(settings.HOST, number):
        raise CannotRun(
            f"TUKRO_SANDBOX_PORT must be a free port of its own from 1 to 65535, not {given!r}.",
            mend="Choose another port for the sandbox, or unset it.",
        )


def _other_port() -> int:
    """A port to propose in place of one that is taken; free, if one nearby is."""
    beside = settings.PORT + 1 if settings.PORT < 65_535 else settings.PORT - 1
    nearby = [*range(beside, min(beside + _PORTS_TRIED, 65_536)), *range(beside, beside - _PORTS_TRIED, -1)]
    return next((port for port in nearby if port_is_free(settings.HOST, port)), beside)


def _news_port() -> int:
    """The one that the operator chose, or the first that is free from the usual one on."""
    usual = settings.NEWS_PORT
    chosen = bool(os.environ.get("TUKRO_NEWS_PORT"))
    for port in [usual] if chosen else range(usual, min(usual + _PORTS_TRIED, 65_536)):
        if port != settings.PORT and port_is_free(settings.HOST, port):
            return port
    raise CannotRun(
        f"Another program listens on {settings.HOST}:{usual}, where the news are to be told.",
        mend="Stop it, or choose another port: TUKRO_NEWS_PORT",
    )


@contextmanager
def _database() -> Iterator[Cluster | None]:
    """The given database, or the embedded one, ours until the end."""
    if given := given_database_url():
        check_server(given)
        _say("database: the one of TUKRO_DATABASE_URL")
        yield None
        return
    _say("database: starting the embedded PostgreSQL")
    cluster = own_cluster(patience=30)
    try:
        use_database(cluster.url)
        yield cluster
    finally:
        connections.close_all()
        cluster.stop(seconds=20)  # it writes down what is in memory; a disk may be slow


def _prepare() -> None:
    """Everything between a database and a market: tables, words, static files, demo."""
    call_command("migrate", interactive=False, verbosity=0)
    _end_if_wanted()
    refuse_unfit_database()
    refuse_other_alias_key(timezone.now())
    _say("tables: up to date")
    if changed := bring_words_and_files():
        _say(f"words: {changed} catalogues compiled")
    if settings.DEMO and sign_ins.demo_is_possible():
        _say("demo market: loading it, once")
        sign_ins.load_demo()
    _end_if_wanted()
    connections.close_all()


@contextmanager
def _processes() -> Iterator[list[Kept]]:
    """Those that the market needs are started at once; the others when it is ready, so that nothing waits."""
    environment = {**os.environ, "TUKRO_DATA": str(settings.DATA)}
    kept = [
        Kept(name, [sys.executable, "-m", "tukro.cli", name, PREPARED], environment)
        for name in (*_NEEDED, "news")
    ]
    try:
        for one in kept:
            if one.name in _NEEDED:
                one.start()
        yield kept
    finally:
        stop_all(kept, seconds=6)


@contextmanager
def _sandbox() -> Iterator[list[Kept]]:
    """The sandbox, when there is to be one: the same command in its own environment.

    It is started when the market is ready, which its own first start would make wait.
    """
    environment = {**os.environ, "TUKRO_DATA": str(settings.DATA), "TUKRO_DATABASE_URL": ""}
    command = [sys.executable, "-m", "tukro.cli", sandbox.FLAG, "up"]
    beside = [Kept("sandbox", command, environment)] if sandbox.is_wanted() else []
    try:
        yield beside
    finally:
        stop_all(beside, seconds=15)  # it stops its own processes and its database in order


def _wait_until_ready(kept: list[Kept]) -> None:
    limit = time.monotonic() + _READY_WITHIN
    health: dict[str, str] = {}
    while not (health and set(health.values()) == {"up"}):
        if time.monotonic() > limit:
            down = [name for name, word in health.items() if word != "up"] or ["web"]
            raise CannotRun(
                f"Not ready after {_READY_WITHIN:.0f} s: {', '.join(down)} does not answer.",
                mend="The lines above may say why; `tukro doctor` looks for usual causes.",
            )
        _pause()
        for one in kept:
            one.look_after(_say)
        health = _ask_health()


def _ask_health() -> dict[str, str]:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    asked = http.client.HTTPConnection(everywhere.get(settings.HOST, settings.HOST), settings.PORT, timeout=5)
    try:
        asked.request("GET", "/healthz", headers={"Host": settings.SITE_HOST, "X-Forwarded-Proto": "https"})
        found: dict[str, str] = json.loads(asked.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        asked.close()
    return found


def _look_after(kept: list[Kept], cluster: Cluster | None) -> None:
    """Until the operator stops us, start again whatever dies."""
    while True:
        if cluster is not None and not cluster.is_up():
            _say("PostgreSQL has ended; it is started again")
            cluster.restart()
            _say("PostgreSQL is back")
        for one in kept:
            one.look_after(_say)
        _pause()


def _pause() -> None:
    time.sleep(_LOOK_EVERY)
    _end_if_wanted()


def _end_if_wanted() -> None:
    if _end_is_wanted.is_set():
        raise _Stop


def _greet(seconds: float) -> None:
    _say(f"ready in {seconds:.1f} s")
    if settings.MODE == "sandbox":
        _say(f"at {settings.SITE_URL}, with play money and data of its own: {settings.DATA}")
        return
    print(f"\n  Tukro is at {settings.SITE_URL}\n")
    sign_ins.show_first()
    print(f"  Data: {settings.DATA}   Stop: Ctrl-C\n", flush=True)


def _say(line: str) -> None:
    line = f"sandbox: {line}" if settings.MODE == "sandbox" else line
    print(f"{datetime.now().astimezone():%H:%M:%S} {line}", flush=True)

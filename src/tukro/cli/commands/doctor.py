"""Check this installation; name each fault and its mend. Changes nothing; exit code 1 for a fault."""

from __future__ import annotations

import argparse
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from tukro.cli.ground import MIGRATE, database_at_hand, waiting_tables
from tukro.cli.trust import all_faults, refuse_other_alias_key, refuse_unfit_database
from tukro.runtime import binaries
from tukro.runtime.catalogues import stale_catalogues
from tukro.runtime.database import check_server, embedded_cluster
from tukro.runtime.database_url import libpq_address
from tukro.runtime.faults import CannotRun
from tukro.runtime.place import given_database_url
from tukro.runtime.processes import port_is_free
from tukro.web.taskhost import names

_LEAST_FREE_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """``mend`` is empty when all is well."""

    what: str
    mend: str = ""
    only_a_hint: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # nothing to choose


def run(options: argparse.Namespace) -> int:
    del options
    faults, shown = 0, set[Finding]()  # two checks may meet the same fault
    for check in (
        _python,
        _data_directory,
        _space,
        _names,
        _port,
        _postgresql,
        _words,
        _test_tools,
        _database,
    ):
        for finding in check():
            if finding in shown:
                continue
            shown.add(finding)
            faults += bool(finding.mend) and not finding.only_a_hint
            _show(finding)
    print("\nNo fault found." if not faults else f"\n{faults} to mend.")
    return 1 if faults else 0


def _show(finding: Finding) -> None:
    word = "ok   " if not finding.mend else "hint " if finding.only_a_hint else "FAULT"
    print(f"{word} {finding.what}")
    if finding.mend:
        print(f"      mend: {finding.mend}")


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(f"Python {version}, {sys.executable}")


def _data_directory() -> Iterator[Finding]:
    data = settings.DATA
    if not data.exists():
        above = next(folder for folder in data.parents if folder.exists())
        if not os.access(above, os.W_OK):
            yield Finding(
                f"{data} cannot be made: {above} cannot be written", "set TUKRO_DATA to another folder"
            )
            return
        yield Finding(f"no data directory at {data} yet: the first ./tukro up makes it")
        return
    if os.access(data, os.W_OK):
        yield Finding(f"the data directory {data} can be written")
    else:
        yield Finding(
            f"the data directory {data} cannot be written", "give this user the right, or set TUKRO_DATA"
        )
    folder = data / "secrets"
    readable = [
        file.name
        for file in [folder, *(folder.iterdir() if os.access(folder, os.R_OK) else [])]
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if readable:
        yield Finding(f"other users can read secrets: {', '.join(readable)}", f"chmod -R go= {folder}")


def _space() -> Iterator[Finding]:
    place = settings.DATA if settings.DATA.exists() else settings.DATA.parent
    free = shutil.disk_usage(place).free if place.exists() else _LEAST_FREE_BYTES
    yield Finding(
        f"{free / 1024**3:.1f} GiB are free for data",
        "" if free >= _LEAST_FREE_BYTES else "make room: PostgreSQL stops when the disk is full",
    )


def _names() -> Iterator[Finding]:
    faults = names.faults()
    for fault in faults:
        yield Finding(fault, "set TUKRO_SITE_URL and TUKRO_TASK_URL: docs/operate/settings.md")
    if settings.SITE_IS_HTTPS and not settings.TASK_URL.startswith("https://"):
        yield Finding(
            f"people come to {settings.SITE_URL} and cannot see task pages at {settings.TASK_URL}",
            "set TUKRO_TASK_URL to an address that begins with https://: docs/operate/running.md",
        )
    elif not faults:
        yield Finding(f"people come to {settings.SITE_URL}, task pages live at {settings.TASK_URL}")
    for message in checks.run_checks():
        yield Finding(f"{message.id}: {message.msg}", str(message.hint or "see Django's checks"))


def _port() -> Iterator[Finding]:
    for port, setting in ((settings.PORT, "TUKRO_PORT"), (settings.NEWS_PORT, "TUKRO_NEWS_PORT")):
        try:
            free = port_is_free(settings.HOST, port)
        except CannotRun as fault:
            yield Finding(fault.what, fault.mend)
            continue
        if free:
            yield Finding(f"port {port} is free")
        else:
            yield Finding(
                f"port {port} is in use, which is well if Tukro runs there",
                f"stop the other program, or set {setting}",
                only_a_hint=True,
            )
    if not settings.NEWS_URL:
        yield Finding(
            "browsers do not know where the news are told: pages ask from time to time instead",
            "pass /news on in the proxy, and set TUKRO_NEWS_URL: docs/operate/running.md",
            only_a_hint=True,
        )


def _postgresql() -> Iterator[Finding]:
    if given := given_database_url():
        yield from _refusal(lambda: check_server(given), "the server of TUKRO_DATABASE_URL is fit")
        yield from _flushes(given)
    else:
        yield from _refusal(
            lambda: binaries.programs(binaries.run_as()),
            "PostgreSQL's programs are there and can be executed",
        )
        yield from _refusal(embedded_cluster().check_version, "the embedded data fits this version")


def _flushes(url: str) -> Iterator[Finding]:
    try:
        with psycopg.connect(libpq_address(url), connect_timeout=10) as db:
            [fsync] = db.execute("SHOW fsync").fetchone() or [""]
    except psycopg.Error:
        return  # named already
    if fsync == "off":
        yield Finding("fsync is off: a power cut can destroy the database", "turn fsync on", only_a_hint=True)


def _words() -> Iterator[Finding]:
    stale = stale_catalogues()
    yield Finding(
        "the catalogues of words are compiled" if not stale else f"{len(stale)} catalogues are not compiled",
        "./tukro up compiles them" if stale else "",
        only_a_hint=True,
    )


def _test_tools() -> Iterator[Finding]:
    for program, package in (("chromium", "chromium"), ("xgettext", "gettext")):
        if not shutil.which(program):
            yield Finding(
                f"{program} is missing, which only some tests need",
                f"apt-get install {package}",
                only_a_hint=True,
            )


def _database() -> Iterator[Finding]:
    """Look inside, when there is something to look at."""
    if not given_database_url() and not embedded_cluster().exists:
        yield Finding("no embedded database yet: the first ./tukro up makes it")
        return
    try:
        with database_at_hand():
            yield from _inside()
    except CannotRun as fault:
        yield Finding(fault.what, fault.mend)


def _inside() -> Iterator[Finding]:
    try:
        waiting = waiting_tables()
    except DatabaseError as error:
        yield Finding(f"the database cannot be read: {error}", "is it Tukro's, and does the user own it?")
        return
    yield Finding(
        "the tables are up to date" if not waiting else f"{waiting} changes of tables wait",
        MIGRATE if waiting else "",
    )
    if not waiting:
        yield from _refusal(refuse_unfit_database, "the database may be trusted with money")
        yield from _refusal(refuse_other_alias_key, "ids of workers are made with the key of the first day")
        faults = all_faults()
        yield Finding(
            "the books balance" if not faults else f"{len(faults)} proofs of the ledger are broken",
            "tukro ledger prove shows the rows; take no payments until they are understood" if faults else "",
        )


def _refusal(act: Callable[[], object], good: str) -> Iterator[Finding]:
    try:
        act()
    except CannotRun as fault:
        yield Finding(fault.what, fault.mend)
    else:
        yield Finding(good)

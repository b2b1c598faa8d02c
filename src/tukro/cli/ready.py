"""What must be true of a machine, and done on it, before its processes serve a market.

'up' sees to it for all that it starts. Web, jobs and news that are started alone, on one more machine, see
to it themselves.
"""

from __future__ import annotations

import argparse
import os
import sys

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from tukro.cli.ground import refuse_waiting_tables
from tukro.cli.trust import refuse_other_alias_key, refuse_unfit_database
from tukro.runtime import sandbox
from tukro.runtime.catalogues import compile_catalogues
from tukro.runtime.faults import CannotRun
from tukro.runtime.place import given_database_url
from tukro.runtime.processes import FileLock, wait_until
from tukro.settings import COLLECTED_FILES
from tukro.web.taskhost import names

# Said by whoever has seen to everything here.
PREPARED = "--prepared"


def add_prepared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(PREPARED, action="store_true", help=argparse.SUPPRESS)


def prepare_alone(options: argparse.Namespace) -> None:
    """Refuse what 'up' refuses and make ready what it makes ready; then this process begins anew with it.

    Does nothing when that was done before. Raises ``CannotRun``.
    """
    if options.prepared:
        return
    if not given_database_url():
        raise CannotRun(
            "A process on its own needs the market's database.",
            mend="Set TUKRO_DATABASE_URL (docs/operate/running.md), or start everything here: ./tukro up",
        )
    refuse_shared_names()
    refuse_waiting_tables()
    refuse_unfit_database()
    refuse_other_alias_key(timezone.now())
    bring_words_and_files()
    connections.close_all()
    sys.stdout.flush()
    # Who stepped into the sandbox is there: a second step would lead to a sandbox of the sandbox.
    words = sys.argv[2:] if sys.argv[1:2] == [sandbox.FLAG] else sys.argv[1:]
    os.execv(sys.executable, [sys.executable, "-m", "tukro.cli", *words, PREPARED])


def bring_words_and_files() -> int:
    """Up to date on this machine, by one process at a time; answers how many catalogues had changed.

    The files go to TUKRO_DATA/static, each under a name that says what is in it.
    """
    lock = FileLock(settings.DATA / "ready.lock")
    if not wait_until(lock.take, seconds=60):
        raise CannotRun(
            f"Another process has been making {settings.DATA} ready for a minute.",
            mend="See what it waits for, or end it.",
        )
    try:
        changed = compile_catalogues()
        # Those who serve look whether files were collected; this process must know that they are about to be.
        settings.STORAGES["staticfiles"] = {"BACKEND": COLLECTED_FILES}
        call_command("collectstatic", interactive=False, verbosity=0)
        return changed
    finally:
        lock.release()


def refuse_shared_names() -> None:
    """Refuse a site that shares its name with task pages: they would have its cookies."""
    if faults := names.faults():
        raise CannotRun(
            " ".join(faults), mend="Set TUKRO_SITE_URL and TUKRO_TASK_URL: docs/operate/settings.md"
        )

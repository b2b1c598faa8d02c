"""Run the tests: everything, or what is named. Further words go to pytest: tukro test tests/money -x

A throw-away PostgreSQL is started for them unless TUKRO_DATABASE_URL names one. Tests of pages need Chromium
and the tests of the catalogues need GNU gettext; what could not run is listed at the end. With --strict,
anything skipped counts as a failure. All tests together run side by side, a process for each core, each with
a database of its own; what is named runs in one.
"""

from __future__ import annotations

import argparse
import os
import sys

from tukro.cli.scripts import refuse_without_development
from tukro.runtime.place import ROOT

_MOST_PROCESSES = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--strict", action="store_true", help="fail when anything was skipped")
    parser.add_argument("words", nargs="*", metavar="…", help="paths and options for pytest")


def run(options: argparse.Namespace) -> int:
    refuse_without_development("test")
    words = ["--nothing-skipped" if word == "--strict" else word for word in options.words]
    if not any(word for word in options.words if not word.startswith("-")):
        words += _side_by_side()
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *words])


def _side_by_side() -> list[str]:
    """Options of pytest-xdist; a file stays together, because its tests may share a running market.

    Files are dealt out in the order of collection (tests/conftest.py). A process that ends, as one does whose
    test stands still, ends the run.
    """
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
    if processes == 1:
        return []
    return ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart", "0"]

"""Web processes that are told to stop while they still load the application."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.ports import free_port
from tukro.runtime.place import ROOT

_LOADS_FOR_LONG = """
import sys, time
import django
django.setup()
from tukro.runtime import web

class Importing:
    @staticmethod
    def import_module(name):
        print("loading", flush=True)
        time.sleep(120)

web.importlib = Importing
web.serve(host="127.0.0.1", port=int(sys.argv[1]), processes=1, seats=1)
"""


def test_a_process_that_still_loads_stops_when_it_is_told_to() -> None:
    """It had the main process's handlers then, which swallowed the signal, and was killed seconds later."""
    web = subprocess.Popen(
        [sys.executable, "-c", _LOADS_FOR_LONG, str(free_port())],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert web.stdout
    try:
        said = web.stdout.readline()
        assert said == "loading\n"
        web.send_signal(signal.SIGTERM)
        said, _none = web.communicate(timeout=60)
    finally:
        web.kill()
    assert said == ""
    assert web.returncode == 0

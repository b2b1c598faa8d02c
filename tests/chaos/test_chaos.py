"""The chaos run, short: what the house promised to clients holds after its processes were killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tukro.runtime.place import ROOT

pytestmark = [pytest.mark.story, pytest.mark.long]


def test_nothing_promised_is_lost_when_processes_are_killed() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.chaos.run", "--seconds=8", "--kills=2", "--clients=16", "--tasks=40"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures["rounds_of_kills"] == 2
    assert figures["promised"]["submitted"] > 0
    assert figures["promised"]["approved"] > 0
    assert figures["faults"] == {}

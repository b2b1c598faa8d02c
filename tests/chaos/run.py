"""Many hands on the same tasks while the house's processes are killed: nothing promised may be lost.

A market of its own is started with ``up`` on a new data directory. Clients accept, submit, return, approve
and reject the same tasks over HTTP, and write down every answer that said it was done. Meanwhile web
processes and PostgreSQL are killed with -9, again and again; ``up`` starts them anew. In the end the database
is held against the clients' lists, and the proofs of money and of work are run.

    ./tukro bench chaos                            64 clients, 200 tasks, 60 s, killed 5 times
    python -m tests.chaos.run --seconds 8 --kills 2

Exit code 1 when anything was lost, paid twice or given to too many.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, cast

import django

from tests.house import copy_house
from tests.ports import free_port
from tests.runtime.market import Market
from tukro.runtime.postgres import Cluster
from tukro.runtime.processes import wait_until


@dataclass(frozen=True)
class Plan:
    """How hard it blows."""

    clients: int
    tasks: int
    places: int
    seconds: float
    kills: int


class Storm(Protocol):
    """``storm.py``, which can be imported only when Django is set up."""

    def prepare(self, plan: Plan, address: str) -> object: ...
    def blow(self, scene: object, over: threading.Event) -> None: ...
    def look(self, scene: object) -> dict[str, object]: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the storm; prints figures as a table and as JSON."""
    plan = _plan(arguments)
    folder = Path(tempfile.mkdtemp(prefix="tukro-chaos-"))
    market = Market(copy_house(folder / "data"))
    market.port = free_port()
    good = False
    try:
        market.start()
        figures = _storm(plan, market)
        exit_code = market.tell(signal.SIGINT)
        good = figures["faults"] == {} and exit_code == 0
        _print(plan, figures, exit_code)
    finally:
        market.clean_up()
        if good:
            shutil.rmtree(folder)
        else:
            print(f"kept for looking: {folder}", file=sys.stderr)
    return 0 if good else 1


def _plan(arguments: Sequence[str] | None) -> Plan:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="chaos"
    )
    parser.add_argument("--clients", type=int, default=64, help="how many at once (64)")
    parser.add_argument("--tasks", type=int, default=200, help="how many tasks they share (200)")
    parser.add_argument("--places", type=int, default=12, help="places per task (12)")
    parser.add_argument("--seconds", type=float, default=60, help="how long (60)")
    parser.add_argument("--kills", type=int, default=5, help="how often everything is killed (5)")
    return Plan(**vars(parser.parse_args(arguments)))


def _storm(plan: Plan, market: Market) -> dict[str, object]:
    """From here on this process reads the market's own database, with the market's own secret."""
    for name in [name for name in os.environ if name.startswith("TUKRO_")]:
        del os.environ[name]
    cluster = Cluster(market.data / "pg", secrets=market.data / "secrets")
    os.environ["TUKRO_DATA"] = str(market.data)
    os.environ["TUKRO_DATABASE_URL"] = cluster.url
    os.environ["DJANGO_SETTINGS_MODULE"] = "tukro.settings"
    django.setup()
    storm = cast(Storm, importlib.import_module("tests.chaos.storm"))
    scene = storm.prepare(plan, f"http://127.0.0.1:{market.port}")
    killer = Killer(market, plan)
    killer.start()
    storm.blow(scene, killer.over)
    assert wait_until(market.is_healthy, seconds=60, pause=0.2), "the market did not come back"
    return {**killer.figures, **storm.look(scene)}


class Killer(threading.Thread):
    """Ends PostgreSQL and the web processes with -9, ``plan.kills`` times, evenly over the storm.

    Each time it waits until the market is back, and at the end a little longer: ``over`` is set when the time
    is over and the clients have met a market that was killed as often as planned.
    """

    def __init__(self, market: Market, plan: Plan) -> None:
        super().__init__(name="killer", daemon=True)
        self.over = threading.Event()
        self.figures = {
            "rounds_of_kills": 0,
            "processes_killed": 0,
            "seconds_in_all": 0.0,
            "seconds_down": 0.0,
        }
        self._market, self._plan = market, plan

    def run(self) -> None:
        began, pause = time.monotonic(), self._plan.seconds / (self._plan.kills + 1)
        try:
            for _ in range(self._plan.kills):
                time.sleep(pause)
                self._kill()
            time.sleep(pause)
        finally:
            self.figures["seconds_in_all"] = round(time.monotonic() - began, 1)
            self.over.set()

    def _kill(self) -> None:
        victims = self._victims()
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed_at = time.monotonic()
        wait_until(self._market.is_healthy, seconds=60, pause=0.1)
        self.figures["rounds_of_kills"] += 1
        self.figures["processes_killed"] += len(victims)
        self.figures["seconds_down"] = round(self.figures["seconds_down"] + time.monotonic() - killed_at, 1)

    def _victims(self) -> list[int]:
        """PostgreSQL's first process (its children die with it), and the web server with its workers."""
        running = self._market.processes()
        web = [pid for pid, line in running.items() if "tukro.cli web " in line]
        database = [pid for pid, line in running.items() if "bin/postgres " in line and " -D " in line]
        assert web, running
        assert database, running
        return [*database, *web]


def _print(plan: Plan, figures: dict[str, object], exit_code: int | None) -> None:
    shown = {**asdict(plan), **figures, "exit_code_of_up": exit_code}
    for name, value in shown.items():
        print(f"{name.replace('_', ' '):28} {json.dumps(value, ensure_ascii=False)}")
    print(json.dumps(shown, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())

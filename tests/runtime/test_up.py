"""``up`` as an operator lives with it: first start, later starts, deaths of every part, the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.house import copy_house
from tests.runtime.market import Market, all_ended
from tukro.cli.commands import up
from tukro.runtime.place import ROOT
from tukro.runtime.processes import wait_until


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("market") / "var"


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Market]:
    """Started from nothing, once for the tests that leave it as healthy as they found it."""
    market = Market(data)
    try:
        market.start()
        yield market
    finally:
        market.clean_up()


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    market = Market(copy_house(tmp_path / "var"))
    yield market
    market.clean_up()


def test_it_serves_when_it_says_so(running: Market) -> None:
    assert running.health() == (200, {"web": "up", "database": "up", "jobs": "up"})


def test_commands_work_on_the_running_market(running: Market) -> None:
    made = running.run("worker", "create", "--email", "rahima@example.org", "--country", "BD", "--json")
    assert sorted(json.loads(made.stdout)) == ["email", "password", "worker_id"]


@pytest.mark.parametrize("part", ["web", "a web worker", "jobs", "postgres", "news"])
def test_a_part_that_is_killed_comes_back(running: Market, part: str) -> None:
    victim = _find(running, part)
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: _find_or_none(running, part) not in (None, victim), seconds=30, pause=0.1)
    assert wait_until(running.is_healthy, seconds=60, pause=0.2), running.health()


def test_a_second_up_on_the_same_data_is_refused_in_words(running: Market) -> None:
    second = running.run("up")
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert running.is_healthy()


def test_ctrl_c_ends_all_of_it_and_a_later_start_keeps_the_data(market: Market) -> None:
    market.start()
    made = market.run("worker", "create", "--email", "kept@example.org", "--country", "BD", "--json")
    assert made.returncode == 0, made.stderr
    processes = market.processes()
    assert market.tell(signal.SIGINT) == 0
    assert all_ended(processes, seconds=1) == {}

    market.start()
    again = market.run("worker", "create", "--email", "kept@example.org", "--country", "BD", "--json")
    assert (again.returncode, again.stdout) == (1, "")
    assert "EmailTaken" in again.stderr

    processes = market.processes()
    market.tell(signal.SIGKILL)  # nothing survives its keeper, and the next start mends what it left
    assert all_ended(processes, seconds=15) == {}
    market.start()
    assert market.is_healthy()
    assert market.tell(signal.SIGTERM) == 0


def test_an_end_that_is_asked_for_amid_a_fork_is_not_lost() -> None:
    """What a signal raises while Python runs its hooks around a fork is dropped by Python."""
    script = """
import os, signal, sys, django
django.setup()
from tukro.cli.commands import up
from tukro.runtime.keeper import Kept

def lose(lost):
    print("lost", type(lost.exc_value).__name__)
    up._say_what_was_lost(lost)

sys.unraisablehook = lose
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
signal.signal(signal.SIGTERM, up._stop_once)
kept = Kept("one", ["sleep", "60"], {})
kept.start()
try:
    up._look_after([kept], None)
except up._Stop:
    print("ends")
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tukro.settings", "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=30
    )
    assert "lost _Stop" in ended.stdout  # else the test no longer reaches what it is about
    assert ended.stdout.splitlines()[-1] == "ends"
    assert "Exception ignored" not in ended.stderr


@pytest.mark.parametrize(("starter", "ended"), [(["env", "--default-signal=HUP"], 0), (["nohup"], None)])
def test_the_end_of_the_terminal_is_an_end_unless_started_with_nohup(
    tmp_path: Path, starter: list[str], ended: int | None
) -> None:
    script = """
import sys, time, django
django.setup()
from tukro.cli.commands import up

up._listen_for_the_end()
try:
    print("listens", flush=True)
    time.sleep(60)
except up._Stop:
    sys.exit(0)
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tukro.settings", "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [*starter, sys.executable, "-c", script],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "listens\n"
        started.send_signal(signal.SIGHUP)
        try:
            assert _exit_code(started, seconds=1 if ended is None else 10) == ended
        finally:
            started.kill()


def _exit_code(process: subprocess.Popen[str], *, seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def test_ctrl_c_while_the_program_is_being_loaded_shows_no_traceback() -> None:
    script = """
import runpy, sys

class Interrupts:
    def find_spec(self, name, *_):
        if name == "tukro.cli.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupts())
runpy.run_module("tukro.cli", run_name="__main__")
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=30
    )
    assert (ended.returncode, ended.stderr) == (130, "")


@pytest.mark.parametrize(
    ("taken", "proposed"),
    [({8080}, 8081), ({8080, 8081}, 8082), ({65_535}, 65_534), ({65_534, 65_535}, 65_533)],
)
def test_the_port_proposed_in_place_of_a_busy_one_is_a_port_and_free(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, taken: set[int], proposed: int
) -> None:
    settings.PORT = min(taken)
    monkeypatch.setattr(up, "port_is_free", lambda _host, port: port not in taken)
    assert up._other_port() == proposed
    settings.PORT = max(taken)
    assert up._other_port() in range(1, 65_536)


def test_a_busy_port_is_refused_in_words(market: Market) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", market.port))
        other.listen()
        refused = market.run("up")
    assert refused.returncode == 1
    assert f"Another program listens on 127.0.0.1:{market.port}" in refused.stderr
    assert "TUKRO_PORT=" in refused.stderr


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("TUKRO_HOST", "nonsense.invalid", "TUKRO_HOST must be an address of this machine"),
        ("TUKRO_HOST", "192.0.2.7", "Nothing can listen on 192.0.2.7"),
        ("TUKRO_SANDBOX_PORT", "x", "TUKRO_SANDBOX_PORT must be a free port of its own"),
    ],
)
def test_an_address_that_cannot_be_is_named(
    market: Market, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, said: str
) -> None:
    environment = {**market.environment, setting: value}
    monkeypatch.setattr(Market, "environment", property(lambda _: environment))
    refused = market.run("up")
    assert (refused.returncode, "Mend: " in refused.stderr) == (1, True)
    assert said in refused.stderr


def _find(market: Market, part: str) -> int:
    """Its process id, once it is there: after another part was killed it may be on its way."""
    wait_until(lambda: _find_or_none(market, part) is not None, seconds=30, pause=0.1)
    found = _find_or_none(market, part)
    assert found is not None, market.processes()
    return found


def _find_or_none(market: Market, part: str) -> int | None:
    line_of = {"a web worker": "cli web", "postgres": "/postgres -D"}.get(part, f"cli {part}")
    found = sorted(pid for pid, line in market.processes().items() if line_of in line)
    # The web server's workers are forked from it and carry the same command line.
    return next(iter(found[1:] if part == "a web worker" else found), None)

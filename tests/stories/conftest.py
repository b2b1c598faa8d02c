"""A real server and real jobs on the test database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.db import connection

from tests.ports import free_port
from tukro.runtime.place import ROOT


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of a running market: web and jobs as processes of their own."""
    port = free_port()
    environment = _environment(port, tmp_path)
    log = tmp_path / "market.log"
    with log.open("w") as said:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tukro.cli", name], env=environment, stdout=said, stderr=said
            )
            for name in ("web", "jobs")
        ]
        try:
            address = f"http://localhost:{port}"
            _wait_until_healthy(f"http://127.0.0.1:{port}/healthz", log)
            yield address
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                _end(process)


def _environment(port: int, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TUKRO_")}
    database = connection.settings_dict
    user, host = f"{database['USER']}:{database['PASSWORD']}", f"{database['HOST']}:{database['PORT']}"
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "src"),
        "TUKRO_DATA": str(folder),
        "TUKRO_PORT": str(port),
        "TUKRO_DATABASE_URL": f"postgresql://{user}@{host}/{database['NAME']}",
        # The test reads what was sealed in the database.
        "TUKRO_SECRET_KEY": settings.SECRET_KEY,
        "TUKRO_WEB_PROCESSES": "1",
    }


def _wait_until_healthy(address: str, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the market did not start: {log.read_text()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

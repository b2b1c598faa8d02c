"""Drives SQL with pgbench: what PostgreSQL can do by itself with the same statements."""

from __future__ import annotations

import re
import subprocess

from bench.parts.figures import Run
from bench.parts.server import Server
from tukro.runtime.database_url import database_from_url


def run(server: Server, script: str, *, clients: int, transactions: int, durable: bool = True) -> Run:
    """``transactions`` in all over ``clients`` prepared connections; durable ones wait for the disk."""
    where = database_from_url(server.url)
    file = server.data / "script.sql"
    file.write_text(script)
    before = server.cpu_seconds()
    done = subprocess.run(
        [
            str(server.programs / "pgbench"),
            *("-n", "-M", "prepared", "-c", str(clients), "-j", "2"),
            *("-t", str(transactions // clients), "-f", str(file)),
            *("-h", where["HOST"], "-p", where["PORT"], "-U", where["USER"], where["NAME"]),
        ],
        env={
            "PGPASSWORD": where["PASSWORD"],
            "PGOPTIONS": f"-c synchronous_commit={'on' if durable else 'off'}",
            "PATH": "/usr/bin:/bin",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    used = server.cpu_seconds() - before
    found = re.search(r"transactions actually processed: (\d+)/", done.stdout)
    speed = re.search(r"^tps = ([\d.]+)", done.stdout, re.M)
    if done.returncode != 0 or not found or not speed or int(found[1]) < transactions // clients * clients:
        raise RuntimeError(done.stderr[-2000:])
    count = int(found[1])
    return Run(count, float(speed[1]), database_us=1e6 * used / count)

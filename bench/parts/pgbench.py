"""Drives SQL with pgbench and tells throughput and the server's CPU per transaction."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bench.parts.server import Server


@dataclass(frozen=True, slots=True)
class Run:
    transactions: int
    per_second: float
    server_us: float  # CPU of the server per transaction, in microseconds
    client_us: float


def run(
    server: Server,
    script: str,
    *,
    clients: int = 16,
    transactions: int,
    variables: dict[str, object] | None = None,
    durable: bool = True,
) -> Run:
    """``transactions`` in all, spread over ``clients`` prepared connections."""
    parts = urlsplit(server.url)
    file = server.data / "script.sql"
    file.write_text(script)
    defines = [word for name, value in (variables or {}).items() for word in ("-D", f"{name}={value}")]
    before = server.cpu_seconds()
    done = subprocess.run(
        [
            str(server.programs / "pgbench"),
            *("-n", "-M", "prepared", "-c", str(clients), "-j", "2"),
            *("-t", str(-(-transactions // clients)), "-f", str(file)),
            *defines,
            *("-h", parts.hostname or "", "-p", str(parts.port), "-U", parts.username or "", parts.path[1:]),
        ],
        env={
            "PGPASSWORD": unquote(parts.password or ""),
            "PGOPTIONS": f"-c synchronous_commit={'on' if durable else 'off'}",
            "PATH": "/usr/bin:/bin",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    used = server.cpu_seconds() - before
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    found = re.search(r"transactions actually processed: (\d+)", done.stdout)
    speed = re.search(r"^tps = ([\d.]+)", done.stdout, re.M)
    failed = re.search(r"failed transactions: (\d+)", done.stdout)
    assert found and speed and failed, done.stdout
    if int(failed[1]):
        raise RuntimeError(f"{failed[1]} transactions failed: {done.stderr[-2000:]}")
    count = int(found[1])
    return Run(count, float(speed[1]), 1e6 * used / count, 0.0)

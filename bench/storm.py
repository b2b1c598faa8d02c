"""A night's storm over the money: tests/money/test_storm.py for a million operations, in parts.

    ./tukro bench storm                                    1,000,000 operations by two processes
    ./tukro bench storm --operations 50000 --log FILE

Every market that held writes a line into the log; a later run with the same log goes on where it ended. Each
process has a database of its own. Exit code 1 as soon as anything was found: what is printed then says what.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PART = 300  # seconds; then the process starts anew, with an empty database


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--operations", type=int, default=1_000_000, help="how many in all (1,000,000)")
    parser.add_argument("--processes", type=int, default=2, help="how many storms side by side (2)")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="the most that it may take")
    parser.add_argument("--log", type=Path, help="where to go on and to write to")
    plan = parser.parse_args()
    log = plan.log or Path(tempfile.mkdtemp(prefix="tukro-storm-")) / "log"
    log.touch()
    end, good = time.monotonic() + plan.minutes * 60, True
    while good and time.monotonic() < end and (left := plan.operations - figures(log)["operations"]) > 0:
        seconds = min(PART, end - time.monotonic())
        share = -(-left // plan.processes)
        parts = [_start(log, share, seconds) for _ in range(plan.processes)]
        good = sum(_end(part) for part in parts) == len(parts)
        print(json.dumps(figures(log)), flush=True)
    print(f"log: {log}")
    return 0 if good else 1


def figures(log: Path) -> dict[str, float]:
    """What the log adds up to."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    sums = {name: sum(line[name] for line in lines) for name in ("operations", "crashes", "seconds")}
    return {**sums, "seconds": round(sums["seconds"]), "markets": len(lines)}


def _start(log: Path, operations: int, seconds: float) -> subprocess.Popen[str]:
    told = {
        "TUKRO_STORM_LOG": str(log.resolve()),
        "TUKRO_STORM_OPERATIONS": str(operations),
        "TUKRO_STORM_SECONDS": str(seconds),
        "TUKRO_STORM_SEED": str(random.randrange(10**9)),
    }
    words = [sys.executable, "-m", "pytest", "-q", "-s", "tests/money/test_storm.py", "-p", "no:xdist"]
    words += ["-o", "faulthandler_timeout=0"]  # a night is no test that stands still
    return subprocess.Popen(
        words, env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _end(part: subprocess.Popen[str]) -> bool:
    said, _ = part.communicate()
    if part.returncode:
        print(said)
    return part.returncode == 0


if __name__ == "__main__":
    sys.exit(main())

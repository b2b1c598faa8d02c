"""The MTurk wire against what PostgreSQL can do with the same statements.

    ./tukro bench wire                        2,000 calls of each operation, then 100,000 HITs
    ./tukro bench wire --calls 400 --hits 0

Calls are signed (SigV4) and sent by 16 clients over HTTP. The floor is pgbench with the very statements that
a call of the operation makes, the look-up of its key included; they are taken down from one call. Both sides
run one after the other on one server with durable commits. In the end what was made and approved is counted.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import django

from bench.cycle import keep, machine
from bench.parts.figures import Run, table
from bench.parts.server import durable_server, web

if TYPE_CHECKING:
    from bench.parts.wire import Result

CLIENTS = 16
SCRIPT_THREADS = 8
WANTED = 0.20  # of the floor, for what writes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tukro bench wire", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--calls", type=int, default=2000, help="calls of each operation on each side")
    parser.add_argument("--hits", type=int, default=100_000, help="HITs made by one script of 8 threads")
    parser.add_argument("--keep", action="store_true", help="write the tables to RESULTS.md")
    options = parser.parse_args(arguments)
    calls = options.calls // CLIENTS * CLIENTS
    with durable_server() as server:
        os.environ.update(server.environment, TUKRO_WIRE_RATE="1000000")  # the rate is not what is measured
        django.setup()
        from bench.parts.wire import measure

        with web(server) as pages:
            results, steps = measure(server, pages, calls, options.hits)
    text = report(results, steps, calls)
    print(text)
    if options.keep:
        keep("wire", text)
    return 0


def report(results: Sequence[Result], steps: Sequence[Run], calls: int) -> str:
    """The tables, and what they say about the wanted share of the floor."""
    rows = [
        (
            result.operation,
            f"{result.floor.per_second:,.0f}",
            f"{result.wire.per_second:,.0f}",
            f"{result.ratio:.0%}",
            f"{result.floor.database_us:,.0f}",
            f"{result.wire.database_us:,.0f}",
            f"{result.wire.application_us:,.0f}",
            f"{result.wire.percentile(50):.1f}",
            f"{result.wire.percentile(99):.1f}",
        )
        for result in results
    ]
    head = ("operation", "floor/s", "wire/s", "ratio", "floor DB µs", "DB µs", "app µs", "p50 ms", "p99 ms")
    text = [
        f"{calls:,} calls of each operation on each side (a quarter for lists of 100), SigV4,",
        f"{CLIENTS} clients, durable commits; {machine()}.",
        "",
        table(head, rows),
        "",
        f"Wanted for writes: {WANTED:.0%} of the floor.",
    ]
    if steps:
        text += ["", *_growth(steps)]
    return "\n".join(text)


def _growth(steps: Sequence[Run]) -> Iterator[str]:
    total = sum(step.count for step in steps)
    yield f"{total:,} HITs made by one script with {SCRIPT_THREADS} threads, CreateHITWithHITType:"
    yield ""
    rows, made = [], 0
    for step in steps:
        made += step.count
        rows.append(
            (
                f"{made:,}",
                f"{step.per_second:,.0f}",
                f"{step.database_us:,.0f}",
                f"{step.application_us:,.0f}",
                f"{step.percentile(50):.1f}",
                f"{step.percentile(99):.1f}",
            )
        )
    yield table(("made so far", "wire/s", "DB µs", "app µs", "p50 ms", "p99 ms"), rows)


if __name__ == "__main__":
    raise SystemExit(main())

"""A hundred thousand spoiled requests against running web processes: no 5xx, and nothing changes.

    ./tukro bench fuzz
    ./tukro bench fuzz --count 5000 --seed 7

They are sent in rounds of a thousand. The first tells which were spoiled in ways that leave them good acts (a
changed note is still a note); the others are sent again, and the tables must be the same to the last row.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import django

from bench.parts.server import durable_server, web

if TYPE_CHECKING:
    from tests.api.fuzz import Outcome, Scene

CLIENTS = 8
STEP = 1000  # signed together: a signature is good for five minutes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tukro bench fuzz", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=100_000, help="spoiled requests in all")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other requests")
    options = parser.parse_args(arguments)
    with durable_server() as server:
        os.environ.update(server.environment, TUKRO_WIRE_RATE="1000000")  # the rate is not what is tested
        django.setup()
        from tests.api import fuzz

        scene = fuzz.scene()
        with web(server) as pages:
            return _run(scene, pages.port, options.count, options.seed)


def _run(scene: Scene, port: int, count: int, seed: int) -> int:
    from tests.api import fuzz

    began, kinds, sent, faults = time.monotonic(), Counter[str](), 0, 0
    for first in range(0, count, STEP):
        trial = fuzz.trial(scene, port, seed=seed + first, count=min(STEP, count - first), clients=CLIENTS)
        sent += len(trial.answers)
        kinds.update(_kind(answer) for _, answer in trial.answers)
        faults += len(trial.faults) + len(trial.changed)
        if trial.changed:
            print(f"seed {seed + first}: refused requests changed {', '.join(trial.changed)}")
        for mutant, answer in trial.faults:
            print(f"seed {seed + first}, number {mutant.no}: {answer.status} for {mutant.request[:2000]!r}")
        print(f"{min(first + STEP, count):,} of {count:,}: {faults} faults", flush=True)
    seconds = time.monotonic() - began
    print(f"{count:,} spoiled requests, sent {sent:,} times, in {seconds:,.0f} s: {faults} faults")
    for kind, found in kinds.most_common():
        print(f"  {found:>8,}  {kind}")
    return 1 if faults else 0


def _kind(answer: Outcome) -> str:
    """What an answer was, in a word."""
    if answer.status == 200:
        return "still good"
    kind = answer.body.partition(b'"__type": "')[2].partition(b'"')[0]
    return f"{answer.status} {kind.decode() or 'from the web server'}"


if __name__ == "__main__":
    raise SystemExit(main())

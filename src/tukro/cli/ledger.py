"""Prove that the books balance: tukro ledger prove

Runs every invariant of the ledger (docs/money.md lists them), and of the tasks that it pays for, as a query
that must find nothing. Exit code 1, with the rows that break it, when one does not hold.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from tukro.cli.trust import all_faults
from tukro.money.queries import Fault


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="prove")
    prove = verbs.add_parser("prove", help="run every proof", description="Run every proof of the ledger.")
    prove.add_argument("--json", action="store_true", help="answer with one JSON object")


def run(options: argparse.Namespace) -> int:
    faults = all_faults()
    if options.json:
        answer = {"holds": not faults, "faults": [{"proof": f.name, "rows": f.rows} for f in faults]}
        print(json.dumps(answer, default=str))
    else:
        _show(faults)
    return 1 if faults else 0


def _show(faults: Sequence[Fault]) -> None:
    for fault in faults:
        print(f"BROKEN {fault.name}")
        for row in fault.rows:
            print("  " + "  ".join(f"{name}={value}" for name, value in row.items()))
    print(f"{len(faults)} proofs broken." if faults else "Every proof holds.")

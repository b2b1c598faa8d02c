"""Load the demo market into an empty one: real data, projects of every kind, people who have already worked.

'up' does it at the first start. The passwords are made anew for each market and kept in the data directory,
in secrets/demo.json, readable by its owner only.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tukro.cli import sign_ins
from tukro.demo.digits import export_digits
from tukro.runtime.faults import CannotRun


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--show", action="store_true", help="only show the sign-ins")
    parser.add_argument(
        "--export-digits",
        type=Path,
        metavar="DIR",
        help="only write the 1,797 hand-written digits as PNG files, with a CSV to upload and their truth",
    )


def run(options: argparse.Namespace) -> int:
    if options.export_digits:
        print(f"{export_digits(options.export_digits)} digits are in {options.export_digits}")
        return 0
    if not options.show:
        if not sign_ins.demo_is_possible():
            raise CannotRun(
                "This market is not empty.",
                mend="Set TUKRO_DATA to a new folder, or see the sign-ins that are kept: tukro demo --show",
            )
        sign_ins.load_demo()
    sign_ins.show_all()
    return 0

"""Measure speed against what PostgreSQL itself can do on this machine: tukro bench cycle

The first word names a script in bench/; further words go to it. Results worth keeping: bench/RESULTS.md.
"""

from __future__ import annotations

import argparse

from tukro.cli.scripts import names_in, refuse_without_development, run_script


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="NAME …", help=f"one of: {', '.join(names_in('bench'))}")


def run(options: argparse.Namespace) -> int:
    if not options.words:
        print("Name one of: " + ", ".join(names_in("bench")))
        return 2
    name, *words = options.words
    refuse_without_development(f"bench {name}")
    return run_script("bench", name, words)

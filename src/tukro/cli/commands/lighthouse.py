"""Judge the pages that a phone loads first with Lighthouse: performance and accessibility."""

from __future__ import annotations

import argparse

from tukro.cli.scripts import refuse_without_development, run_script


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="…", help="options of tools/lighthouse_check.py")


def run(options: argparse.Namespace) -> int:
    refuse_without_development("lighthouse")
    return run_script("tools", "lighthouse_check", options.words)

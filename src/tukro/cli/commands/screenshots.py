"""Photograph every page in both languages, on a phone and on a desktop."""

from __future__ import annotations

import argparse

from tukro.cli.scripts import refuse_without_development, run_script


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="…", help="options of tools/screenshots.py")


def run(options: argparse.Namespace) -> int:
    refuse_without_development("screenshots")
    return run_script("tools", "screenshots", options.words)

"""Bring the tables of the database up to date. 'up' does it by itself; doing it twice is harmless."""

from __future__ import annotations

import argparse

from django.core.management import call_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plan", action="store_true", help="only show what would be done")


def run(options: argparse.Namespace) -> int:
    call_command("migrate", plan=options.plan, interactive=False)
    return 0

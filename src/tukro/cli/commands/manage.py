"""Django's own administration commands, with Tukro's settings and database: tukro manage check --deploy."""

from __future__ import annotations

import argparse

from django.core.management import execute_from_command_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="COMMAND …", help="as for manage.py")


def run(options: argparse.Namespace) -> int:
    execute_from_command_line(["tukro manage", *options.words])
    return 0

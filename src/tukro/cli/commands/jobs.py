"""Run what is due by time (deadlines, automatic approval, publishing, mails), until told to stop.

'tukro up' starts this process and keeps it alive. More machines may run one too: each job is done once.
"""

from __future__ import annotations

import argparse

from tukro.cli.numbers import whole_number
from tukro.cli.ready import add_prepared, prepare_alone
from tukro.schedule import run_jobs
from tukro.settings import JOB_THREADS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads",
        type=whole_number(1, 1000),
        default=JOB_THREADS,
        help=f"jobs at the same time (now {JOB_THREADS})",
    )
    add_prepared(parser)


def run(options: argparse.Namespace) -> int:
    prepare_alone(options)
    run_jobs(concurrency=options.threads)
    return 0

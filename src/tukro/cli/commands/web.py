"""Serve the pages, in the foreground, until told to stop.

'tukro up' starts this process and keeps it alive. On its own it serves one more machine of a market that has
its database elsewhere: set TUKRO_DATABASE_URL, and the same secrets as on the other machines.
"""

from __future__ import annotations

import argparse

from tukro.cli.numbers import whole_number
from tukro.cli.ready import add_prepared, prepare_alone
from tukro.runtime.web import serve
from tukro.settings import HOST, PORT, WEB_PROCESSES, WEB_THREADS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=HOST, help=f"address to listen on (now {HOST}, from TUKRO_HOST)")
    parser.add_argument(
        "--port",
        type=whole_number(1, 65_535),
        default=PORT,
        help=f"port to listen on (now {PORT}, from TUKRO_PORT)",
    )
    add_prepared(parser)


def run(options: argparse.Namespace) -> int:
    prepare_alone(options)
    serve(host=options.host, port=options.port, processes=WEB_PROCESSES, seats=WEB_THREADS)
    return 0

"""Tell workers what changes, over streams that stay open, until told to stop.

'tukro up' starts this process and keeps it alive. More machines may run one too: a listener that comes back
is told what it missed by whichever it comes to.
"""

from __future__ import annotations

import argparse

from tukro.cli.numbers import seconds, whole_number
from tukro.cli.ready import add_prepared, prepare_alone
from tukro.runtime.news import serve
from tukro.settings import HOST, NEWS_PORT, NEWS_STREAMS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=HOST, help=f"address to listen on (now {HOST}, from TUKRO_HOST)")
    parser.add_argument(
        "--port",
        type=whole_number(1, 65_535),
        default=NEWS_PORT,
        help=f"port to listen on (now {NEWS_PORT}, from TUKRO_NEWS_PORT)",
    )
    parser.add_argument(
        "--every", type=seconds, default=1.0, help="seconds between two looks for what changed (now 1)"
    )
    add_prepared(parser)


def run(options: argparse.Namespace) -> int:
    prepare_alone(options)
    serve(host=options.host, port=options.port, streams=NEWS_STREAMS, every=options.every)
    return 0

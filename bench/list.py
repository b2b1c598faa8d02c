"""The open list with 100,000 open tasks in 2,000 groups, for a worker with five qualifications.

    ./tukro bench list
    ./tukro bench list --groups 200 --tasks 10

Eight clients read it as workers do: the first page, the next ones, every sort, filters, words in Bengali and
English. As page and in JSON form, over HTTP with all middleware.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import django

from bench.cycle import keep, machine
from bench.parts import http
from bench.parts.figures import Run, table
from bench.parts.server import Server, Web, durable_server, web

if TYPE_CHECKING:
    from tukro.people.models import Requester

CLIENTS = 8
REQUESTERS = 20
SORTS = ("updated_desc", "updated_asc", "reward_desc", "reward_asc", "num_hits_desc", "num_hits_asc")
WORDS = ("ছবি", "সংখ্যা দেখ", "receipt", "sentim", "কাজ", "digit pict")
SUBJECTS = (
    ("ছবিতে কোন সংখ্যা?", "ছোট ছবিটি দেখে সংখ্যাটি লিখুন।", "ছবি, সংখ্যা", "image"),
    ("Transcribe a receipt", "Write down what the receipt says.", "text, receipt", "transcription"),
    ("বাক্যের অনুভূতি", "বাক্যটি পড়ে বলুন লেখক খুশি না অখুশি।", "বাংলা, কাজ", "sentiment"),
    ("Find an address", "Look up the company's postal address.", "web, research", "find_information"),
    ("Which digit is in the picture?", "Say which digit the picture shows.", "image", "image"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tukro bench list", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--groups", type=int, default=2000)
    parser.add_argument("--tasks", type=int, default=50, help="open tasks in each group")
    parser.add_argument("--reads", type=int, default=1500, help="pages read of each kind")
    parser.add_argument("--keep", action="store_true", help="write the table to RESULTS.md")
    options = parser.parse_args(arguments)
    with durable_server() as server:
        os.environ.update(server.environment, TUKRO_WORKER_RATE="1000000")  # not what is measured
        django.setup()
        session = _make_market(options.groups, options.tasks)
        with web(server) as pages:
            runs = list(_measure(server, pages, session, options.reads))
    text = _report(runs, options.groups, options.tasks)
    print(text)
    if options.keep:
        keep("list", text)
    return 0


def _make_market(groups: int, tasks: int) -> str:
    """Returns the session of the worker who reads. Four groups in ten ask for a qualification."""
    from bench.parts import market
    from tukro.kernel.money import Money
    from tukro.people.models import Worker
    from tukro.qualifications.actions.granting import grant
    from tukro.qualifications.actions.types import create_type
    from tukro.qualifications.rules import Requirement

    now, chance = datetime.now(UTC), random.Random(7)
    requesters: list[Requester] = [market.add_requester(now=now) for _ in range(REQUESTERS)]
    reader = Worker.objects.get(pk=market.add_workers(1, now=now)[0].pk)
    types = [create_type(requester=one, name=f"Test {one.pk}", now=now).public_id for one in requesters[:10]]
    for no in range(groups):
        title, description, keywords, category = chance.choice(SUBJECTS)
        asked = [Requirement(chance.choice(types), "GreaterThan", (50,))] if chance.random() < 0.4 else []
        market.add_batch(
            chance.choice(requesters),
            title=f"{title} {no}",
            description=description,
            keywords=keywords,
            category=category,
            rows=tasks,
            places=chance.choice((1, 1, 3)),
            reward=Money.parse(f"0.{chance.randint(1, 60):02}"),
            requirements=asked,
            now=now,
        )
    for requester, type_id in list(zip(requesters, types, strict=False))[:5]:
        grant(requester=requester, type_id=type_id, worker=reader, value=80, now=now)
    market.settle()
    return market.sign_in(reader.user)


def _measure(server: Server, pages: Web, session: str, reads: int) -> Iterator[tuple[str, Run]]:
    def drive(paths: Sequence[str]) -> http.Answers:
        requests = [http.get(path, port=pages.port, session=session) for path in paths]
        return http.drive(server, pages, requests, clients=CLIENTS)

    drive(["/projects?format=json"] * 200)  # warm-up
    first = drive(["/projects?format=json"] * reads)
    yield "first page", first.run
    cursor = json.loads(first.bodies[0])["next_cursor"]
    following = []
    for _ in range(20):
        path = "/projects?" + urlencode({"format": "json", "after": cursor})
        following.append(path)
        cursor = json.loads(drive([path] * CLIENTS).bodies[0])["next_cursor"]
    kinds = {
        "next pages": following,
        "sorts": [f"/projects?format=json&sort={sort}" for sort in SORTS],
        "words": ["/projects?" + urlencode({"format": "json", "search": words}) for words in WORDS],
        "filters": [
            "/projects?format=json&qualified=on",
            "/projects?format=json&min_reward=0.30",
            "/projects?format=json&category=image&qualified=on",
        ],
    }
    for name, paths in kinds.items():
        yield name, drive([paths[no % len(paths)] for no in range(reads)]).run
    yield "as a page (HTML)", drive(["/projects?format=html"] * reads).run


def _report(runs: Sequence[tuple[str, Run]], groups: int, tasks: int) -> str:
    rows = [
        (
            name,
            f"{run.per_second:,.0f}",
            f"{run.percentile(50):.1f}",
            f"{run.percentile(99):.1f}",
            f"{run.database_us:,.0f}",
            f"{run.application_us:,.0f}",
        )
        for name, run in runs
    ]
    return "\n".join(
        [
            f"{groups * tasks:,} open tasks in {groups:,} groups, {CLIENTS} clients; {machine()}.",
            "",
            table(("read", "pages/s", "p50 ms", "p99 ms", "DB µs", "app µs"), rows),
            "",
            "Wanted: p50 at most 25 ms, p99 at most 100 ms.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())

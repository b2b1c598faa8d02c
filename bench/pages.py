"""The pages of a worker's way with 100,000 open tasks: list, preview, accept, the work page, submit.

    ./tukro bench pages
    ./tukro bench pages --groups 100 --tasks 10 --acts 160

Sixteen clients, each act by another worker who is signed in, over HTTP with all middleware; as the pages
that a phone loads, compressed, and as JSON. Before each round the statistics of young tables follow their
growth, to which a job of ``tukro up`` sees every five seconds; the other jobs rest. In the end every act is
looked for in the database.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import django

from bench.cycle import keep, machine
from bench.list import SUBJECTS
from bench.parts import http
from bench.parts.figures import Run, table
from bench.parts.server import Server, Web, durable_server, web

CLIENTS = 16
REQUESTERS = 20
ANSWER = {"text": "ছবিতে একটি সাত আছে", "sure": "yes", "where": "https://example.org/7"}
WANTED_MS = 100
_FORMS = {"page": "text/html", "JSON": "application/json"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tukro bench pages", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--groups", type=int, default=2000)
    parser.add_argument("--tasks", type=int, default=50, help="open tasks in each group")
    parser.add_argument("--acts", type=int, default=1600, help="of each kind, as page and as JSON")
    parser.add_argument("--keep", action="store_true", help="write the table to RESULTS.md")
    options = parser.parse_args(arguments)
    acts = options.acts // CLIENTS * CLIENTS
    with durable_server() as server:
        os.environ.update(server.environment)
        django.setup()
        scene = _make_market(options.groups, options.tasks, acts)
        with web(server) as pages:
            rows = list(Visit(server, pages, scene, acts).measure())
        _look_for(2 * acts)
    text = _report(rows, options.groups, options.tasks)
    print(text)
    if options.keep:
        keep("pages", text)
    return 0


@dataclass(frozen=True, slots=True)
class Scene:
    groups: list[str]  # those that anyone may take
    sessions: dict[str, list[str]]  # one worker for each act, by form of the answer


def _make_market(groups: int, tasks: int, acts: int) -> Scene:
    """Four groups in ten ask for a qualification; every second is a proof job, the others are pages."""
    from bench.parts import market
    from tukro.kernel.money import Money
    from tukro.qualifications.actions.types import create_type
    from tukro.qualifications.rules import Requirement

    now, chance = datetime.now(UTC), random.Random(7)
    requesters = [market.add_requester(now=now) for _ in range(REQUESTERS)]
    types = [create_type(requester=one, name=f"Test {one.pk}", now=now).public_id for one in requesters[:10]]
    free = []
    for no in range(groups):
        title, description, keywords, category = chance.choice(SUBJECTS)
        asked = [Requirement(chance.choice(types), "GreaterThan", (50,))] if no % 10 < 4 else []
        batch = market.add_batch(
            chance.choice(requesters),
            title=f"{title} {no}",
            description=description,
            keywords=keywords,
            category=category,
            rows=tasks,
            places=3,
            reward=Money.parse(f"0.{chance.randint(1, 60):02}"),
            requirements=asked,
            question=_proof_form() if no % 2 else ("html", "<p>${image}</p>"),
            now=now,
        )
        if not asked and no % 2:
            free.append(batch.task_type.group_id)
    workers = market.add_workers(2 * acts, now=now)
    sessions = market.sign_in_workers(workers)
    market.settle()
    return Scene(free, {"page": sessions[:acts], "JSON": sessions[acts:]})


def _proof_form() -> tuple[str, str]:
    from tukro.questions.proof import Field, Form, Kind

    form = Form(
        "ছবিটি দেখুন: ${image}",
        (
            Field("text", Kind.LONG_TEXT, "কী দেখলেন?"),
            Field("sure", Kind.CHOICE, "নিশ্চিত?", options=("yes", "no")),
            Field("where", Kind.URL, "ঠিকানা", required=False),
        ),
    )
    return "proof", form.dump()


@dataclass(frozen=True, slots=True)
class Visit:
    """Everybody goes the way once, act by act."""

    server: Server
    pages: Web
    scene: Scene
    acts: int

    def measure(self) -> Iterator[tuple[str, str, Run]]:
        for form in _FORMS:  # every process and thread has seen each address before anything is measured
            self._get(form, [self._group(no, "tasks") for no in range(4 * CLIENTS)])
            self._get(form, ["/projects"] * 4 * CLIENTS)
        for form in _FORMS:
            yield "list", form, self._get(form, ["/projects"] * self.acts)
            yield "preview", form, self._get(form, [self._group(no, "tasks") for no in range(self.acts)])
            accepted = self._accept(form)
            yield "accept", form, accepted.run
            works = _work_pages(form, accepted)
            yield "work page", form, self._get(form, works)
            yield "submit", form, self._submit(form, works)

    def _group(self, no: int, act: str) -> str:
        return f"/projects/{self.scene.groups[no % len(self.scene.groups)]}/{act}"

    def _get(self, form: str, paths: Sequence[str]) -> Run:
        _follow_growth()
        requests = [
            http.get(path, port=self.pages.port, session=session, accept=_FORMS[form])
            for path, session in zip(paths, self.scene.sessions[form], strict=False)
        ]
        return http.drive(self.server, self.pages, requests, clients=CLIENTS).run

    def _accept(self, form: str) -> http.Answers:
        return self._post(form, [self._group(no, "tasks/accept_random") for no in range(self.acts)], b"")

    def _submit(self, form: str, works: Sequence[str]) -> Run:
        body = urlencode(ANSWER).encode()
        return self._post(form, [work.replace("?", "/submit?") for work in works], body).run

    def _post(self, form: str, paths: Sequence[str], body: bytes) -> http.Answers:
        requests = [
            http.post(path, body, port=self.pages.port, session=session, kind="form", accept=_FORMS[form])
            for path, session in zip(paths, self.scene.sessions[form], strict=True)
        ]
        wanted = 302 if form == "page" else 200
        _follow_growth()
        return http.drive(self.server, self.pages, requests, clients=CLIENTS, wanted=wanted)


def _follow_growth() -> None:
    from bench.parts import market

    market.follow_growth()


def _work_pages(form: str, accepted: http.Answers) -> list[str]:
    if form == "page":
        return accepted.places
    return [json.loads(body)["task_url"] for body in accepted.bodies]


def _look_for(count: int) -> None:
    from tukro.work.models import Assignment
    from tukro.work.queries import work_faults

    submitted = Assignment.objects.filter(state="submitted").count()
    assert submitted == count, f"{submitted} answers of {count} are there"
    assert work_faults() == []


def _report(rows: Sequence[tuple[str, str, Run]], groups: int, tasks: int) -> str:
    lines = [
        (
            act,
            form,
            f"{run.per_second:,.0f}",
            f"{run.percentile(50):.1f}",
            f"{run.percentile(99):.1f}",
            f"{run.database_us:,.0f}",
            f"{run.application_us:,.0f}",
        )
        for act, form, run in rows
    ]
    return "\n".join(
        [
            f"{groups * tasks:,} open tasks in {groups:,} groups, {CLIENTS} clients; {machine()}.",
            "",
            table(("act", "as", "per s", "p50 ms", "p99 ms", "DB µs", "app µs"), lines),
            "",
            f"Wanted: p99 at most {WANTED_MS} ms.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())

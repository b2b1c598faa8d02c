"""Who works through accept, submit and approve: by the pages over HTTP, and as the floor by pgbench."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg

from bench.parts import http, pgbench
from bench.parts.figures import Run, together
from bench.parts.server import Server, Web

if TYPE_CHECKING:
    from tukro.people.models import Requester

CLIENTS = 16
TURNS = 8  # of each side, for each verb
VERBS = ("accept", "submit", "approve")

ANSWER = [("digit", "7"), ("sure", "yes"), ("note", "ছবিতে একটি সাত আছে")]
ANSWER_JSON = json.dumps({"fields": ANSWER}, ensure_ascii=False)

# The statements of the pages: whose session is it, and the verb. Turns are taken by number.
_ACCEPT = """select a.* from bench_worker w, {caller},
  work_accept_next('{group}', c.id, c.public_id, '3F{mark}X' || w.no, now(), false) a
  where w.no = (select nextval('bench_turn'));"""
_SUBMIT = """select a.* from bench_worker w, {caller},
  work_submit('3F{mark}X' || w.no, c.id, '{answer}', now(), false) a
  where w.no = (select nextval('bench_turn'));"""
_APPROVE = """select a.* from bench_worker w,
  {caller},
  work_approve('3F{mark}X' || w.no, c.id, '', '{actor}', now(), false) a
  where w.no = (select nextval('bench_turn'));"""
_STATEMENTS = {"accept": _ACCEPT, "submit": _SUBMIT, "approve": _APPROVE}
_SINCE = "now() - interval '60 minutes'"

Taken = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A market's name and the group that is worked on."""

    name: str
    mark: str
    group_id: str
    batch_pk: int


@dataclass
class Crew:
    """The requester, and as many workers for each side; those of the floor are in a table."""

    server: Server
    pages: Web
    requester: Requester
    requester_session: str
    sessions: list[str]

    @property
    def acts(self) -> int:
        return len(self.sessions)

    @contextmanager
    def floor(self, verb: str, scene: Scene) -> Iterator[pgbench.Turns]:
        script = _STATEMENTS[verb].format(
            group=scene.group_id,
            mark=scene.mark,
            answer=ANSWER_JSON,
            caller=self._caller(verb),
            # A colon before a letter is a variable of pgbench.
            actor=f"{self.requester.actor}".replace(":", "' || chr(58) || '"),
        )
        with psycopg.connect(self.server.url, autocommit=True) as own:
            own.execute("alter sequence bench_turn restart")

            def taken() -> int:
                row = own.execute(
                    "select case when is_called then last_value else 0 end from bench_turn"
                ).fetchone()
                assert row
                return int(row[0])

            with pgbench.in_turns(
                self.server, script, clients=CLIENTS, transactions=self.acts, progress=taken
            ) as turns:
                yield turns

    def _caller(self, verb: str) -> str:
        """The part of the pages' own statement that finds whose session it is."""
        from tukro.people.queries import RequesterBySession, WorkerBySession
        from tukro.web.entry import sessions

        kind = RequesterBySession if verb == "approve" else WorkerBySession
        key = f"'{sessions.hashed(self.requester_session)}'" if verb == "approve" else "w.key"
        return "lateral " + kind.owner % (key, f"'{sessions.seal()}'", "now()", _SINCE)

    def requests(self, verb: str, scene: Scene, taken: Taken) -> list[bytes]:
        """What the pages are asked for; ``taken`` is what was answered to accepting."""
        return list(getattr(self, f"_{verb}_requests")(scene, taken))

    def _accept_requests(self, scene: Scene, _: object) -> Iterator[bytes]:
        path = f"/projects/{scene.group_id}/tasks/accept_random?format=json"
        for session in self.sessions:
            yield http.post(path, port=self.pages.port, session=session, kind="form")

    def _submit_requests(self, scene: Scene, taken: Taken) -> Iterator[bytes]:
        body = urlencode(ANSWER).encode()
        for one, session in zip(taken, self.sessions, strict=False):
            path = f"/projects/{scene.group_id}/tasks/{one['task_id']}/submit"
            query = f"?assignment_id={one['assignment_id']}&format=json"
            yield http.post(path + query, body, port=self.pages.port, session=session, kind="form")

    def _approve_requests(self, _: Scene, taken: Taken) -> Iterator[bytes]:
        for one in taken:
            body = json.dumps({"assignment_ids": [one["assignment_id"]]}).encode()
            yield http.post(
                "/requester/assignments/approve?format=json",
                body,
                port=self.pages.port,
                session=self.requester_session,
            )


def hire(server: Server, pages: Web, acts: int) -> Crew:
    """A requester and workers who have an act of each kind to do on either side."""
    from bench.parts import market

    now = datetime.now(UTC)
    with server.in_use():
        karim = market.add_requester(now=now)
        workers = market.add_workers(2 * acts, now=now)
        _number(market.sign_in_workers(workers[:acts]))
        return Crew(server, pages, karim, market.sign_in(karim.user), market.sign_in_workers(workers[acts:]))


def _number(cookies: Sequence[str]) -> None:
    """The floor's workers take turns by number."""
    from django.db import connection

    from tukro.web.entry import sessions

    with connection.cursor() as cursor:
        cursor.execute("create table bench_worker (no int primary key, key text)")
        cursor.execute("create sequence bench_turn")
        cursor.executemany(
            "insert into bench_worker values (%s, %s)",
            [(no, sessions.hashed(cookie)) for no, cookie in enumerate(cookies, 1)],
        )
        cursor.execute("analyze bench_worker")


@dataclass
class _Stint:
    """One verb in one scene, a part at a time: first the other side up to there, then the pages."""

    crew: Crew
    requests: list[bytes]
    before: Callable[[int], None] = lambda _: None
    parts: list[http.Answers] = field(default_factory=list)

    def turn(self, no: int) -> None:
        start, end = (len(self.requests) * each // TURNS for each in (no, no + 1))
        self.before(end)
        crew = self.crew
        self.parts.append(http.drive(crew.server, crew.pages, self.requests[start:end], clients=CLIENTS))

    @property
    def run(self) -> Run:
        return together([part.run for part in self.parts])

    @property
    def taken(self) -> Taken:
        return [json.loads(body) for part in self.parts for body in part.bodies]


def against_floor(*places: tuple[Crew, Scene]) -> Iterator[tuple[Scene, str, Run, Run]]:
    """The whole cycle on both sides, verb by verb, floor and pages in turn; so are the places, if several.

    Yields scene, verb, floor and pages, scene by scene.
    """
    taken: list[Taken] = [[] for _ in places]
    runs: list[list[tuple[Scene, str, Run, Run]]] = [[] for _ in places]
    for verb in VERBS:
        with ExitStack() as open_floors:
            floors = [open_floors.enter_context(crew.floor(verb, scene)) for crew, scene in places]
            stints = [
                _Stint(crew, crew.requests(verb, scene, before), floor.until)
                for (crew, scene), before, floor in zip(places, taken, floors, strict=True)
            ]
            for no in range(TURNS):
                for stint in stints[:: -1 if no % 2 else 1]:
                    stint.turn(no)
        if verb == "accept":
            taken = [stint.taken for stint in stints]
        for (_, scene), stint, floor, own in zip(places, stints, floors, runs, strict=True):
            own.append((scene, verb, floor.run, stint.run))
    for (crew, scene), own in zip(places, runs, strict=True):
        _count_rows(crew, scene, 2 * crew.acts)
        yield from own


def pages_alone(crew: Crew, scene: Scene, *, count: int | None = None) -> Iterator[tuple[str, Run]]:
    """The cycle by the pages alone, ``count`` acts of each kind or all."""
    taken: Taken = []
    for verb in VERBS:
        stint = _Stint(crew, crew.requests(verb, scene, taken)[:count])
        for no in range(TURNS):
            stint.turn(no)
        if verb == "accept":
            taken = stint.taken
        yield verb, stint.run
    _count_rows(crew, scene, len(taken))


def _count_rows(crew: Crew, scene: Scene, wanted: int) -> None:
    from tukro.work.models import Assignment

    with crew.server.in_use():
        found = Assignment.objects.filter(batch_id=scene.batch_pk, state="approved").count()
    if found != wanted:
        raise RuntimeError(f"{scene.name}: {wanted} acts were answered, {found} assignments are approved")

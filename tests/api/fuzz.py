"""Requests that are wrong in every way we can think of, in headers, JSON and XML; seeded, to be made again.

A request begins as a good one, with members drawn from the service model and ids that exist, is spoiled in
one to three places, and signed afterwards, unless the signature is what is spoiled.
"""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests import make
from tests.api.signing import Call
from tukro.api.mturk.operations import registry
from tukro.api.mturk.shapes import service_model
from tukro.people.actions.keys import NewKey, make_access_key
from tukro.qualifications.actions.types import create_type

_XHTML = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"
_FORM = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd"
_EXTERNAL = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd"
_KEY = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/AnswerKey.xsd"

DOCUMENTS = (
    f'<HTMLQuestion xmlns="{_XHTML}"><HTMLContent><![CDATA[<!DOCTYPE html><html><head><title>t</title></head>'
    '<body><form action="https://www.mturk.com/mturk/externalSubmit"><input name="a"></form></body></html>]]>'
    "</HTMLContent><FrameHeight>450</FrameHeight></HTMLQuestion>",
    f'<ExternalQuestion xmlns="{_EXTERNAL}"><ExternalURL>https://example.org/task?a=1&amp;b=2</ExternalURL>'
    "<FrameHeight>400</FrameHeight></ExternalQuestion>",
    f'<QuestionForm xmlns="{_FORM}"><Overview><Title>t</Title><Text>x</Text></Overview><Question>'
    "<QuestionIdentifier>q1</QuestionIdentifier><IsRequired>true</IsRequired><QuestionContent>"
    "<Text>Which?</Text></QuestionContent><AnswerSpecification><FreeTextAnswer><Constraints>"
    "<Length minLength='1' maxLength='9'/><AnswerFormatRegex regex='^[a-z]+$' errorText='no'/>"
    "</Constraints></FreeTextAnswer></AnswerSpecification></Question></QuestionForm>",
    f'<AnswerKey xmlns="{_KEY}"><Question><QuestionIdentifier>q1</QuestionIdentifier><AnswerOption>'
    "<SelectionIdentifier>a</SelectionIdentifier><AnswerScore>5</AnswerScore></AnswerOption></Question>"
    "</AnswerKey>",
)

_BOMB = "".join(f'<!ENTITY l{no} "{f"&l{no - 1};" * 10}">' for no in range(1, 10))
_XML_NASTY = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">',
    f'<!DOCTYPE a [<!ENTITY l0 "lol">{_BOMB}]>',
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<?xml version="1.1"?>',
    "<?php ?>",
    "]]>",
    "&l9;",
    "&x;",
    "&#0;",
    "&#xFFFF;",
    "<a" * 300,
    "<Question>" * 500,
    "<!--",
    "\ufffe",
    "(a+)+$",
    "<Regex regex='(x+x+)+y'/>",
    "xmlns:y='urn:y'",
)
_JSON_NASTY: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    2**64,
    10**40,
    0.5,
    1e300,
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202e",
    "৫.০০",
    "0.001",
    "-1",
    "1e9",
    "99999999999999999999.99",
    "9" * 400,
    "'; drop table work_task; --",
    "${image}",
    "%s %(x)s {x}",
    "../../etc/passwd",
    "A" * 300,
    "ক" * 300,
    "3" * 64,
    "3" * 65,
    [],
    [None],
    [[]],
    {},
    {"": ""},
    ["x"] * 200,
)
_BYTES_NASTY = (
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"{",
    b"}",
    b"[",
    b'"',
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"NaN",
)


@dataclass(frozen=True)
class Scene:
    """What exists and may be named: by the name of the member that names it."""

    key: NewKey
    ids: dict[str, str]


def scene() -> Scene:
    """A requester with a batch of tasks, a submitted assignment and a qualification type."""
    karim = make.requester()
    batch = make.batch(of=karim, rows=3, places=3)
    submitted = make.submitted(of=batch)
    kind = create_type(requester=karim, name="Reads Bengali", now=make.NOW)
    return Scene(
        make_access_key(requester=karim, now=make.NOW),
        {
            "HITId": batch.tasks.order_by("pk")[0].public_id,
            "HITTypeId": batch.task_type.public_id,
            "AssignmentId": submitted.public_id,
            "WorkerId": submitted.worker.public_id,
            "QualificationTypeId": kind.public_id,
        },
    )


@dataclass(frozen=True, slots=True)
class Mutant:
    """A spoiled request: its number, its operation, and all its bytes."""

    no: int
    operation: str
    request: bytes

    @property
    def reads(self) -> bool:
        return self.operation.startswith(("Get", "List"))


def mutants(scene: Scene, *, host: str, seed: int, count: int, round: int = 1) -> Iterator[Mutant]:
    """``count`` spoiled requests, signed now, good for five minutes. Another round: the same as new calls."""
    chance = random.Random(seed)
    names = sorted(registry.registered_names())
    for no in range(count):
        name = chance.choice(names)
        members = _members(service_model()["operations"][name]["input"]["shape"], scene, chance)
        kind = chance.random()
        if kind < 0.15:
            yield Mutant(no, name, _spoiled_headers(name, members, scene, host, chance))
            continue
        if kind < 0.5:
            members = _spoiled_members(members, chance)
        elif kind < 0.85:
            members = _spoiled_documents(members, chance)
        body = json.dumps(members).encode()
        if kind >= 0.85:
            body = _spoiled_bytes(body, chance)
        call = Call(*scene.key, name, body, headers={"amz-sdk-invocation-id": f"{round}-{seed}-{no}"})
        yield Mutant(no, name, raw(call.signed(host), body))


def raw(headers: dict[str, str], body: bytes, path: str = "/mturk") -> bytes:
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode("latin-1", "replace") + body


def _members(shape_name: str, scene: Scene, chance: random.Random, depth: int = 0) -> Any:
    """A good value of a shape of the model: what is required always, the rest now and then."""
    shape = service_model()["shapes"][shape_name]
    kind = shape["type"]
    if kind == "structure":
        required = shape.get("required", ())
        return {
            name: _value(name, member["shape"], scene, chance, depth)
            for name, member in shape["members"].items()
            if name in required or chance.random() < 0.3
        }
    if kind == "list":
        return [
            _members(shape["member"]["shape"], scene, chance, depth + 1) for _ in range(chance.randint(0, 2))
        ]
    if kind in ("integer", "long"):
        return chance.randint(shape.get("min", 0), shape.get("max", 3600))
    if kind == "boolean":
        return chance.random() < 0.5
    if kind == "timestamp":
        return chance.choice((0, 1800000000, 1900000000.5))
    if "enum" in shape:
        return chance.choice(shape["enum"])
    return "0.05" if shape_name == "CurrencyAmount" else "US" if shape_name == "CountryParameters" else "A1B2"


def _value(name: str, shape_name: str, scene: Scene, chance: random.Random, depth: int) -> Any:
    if name in ("Question", "Test", "AnswerKey"):
        return chance.choice(DOCUMENTS)
    if name in scene.ids and chance.random() < 0.8:
        return scene.ids[name]
    if name == "WorkerIds" and chance.random() < 0.8:
        return [scene.ids["WorkerId"]]
    return _members(shape_name, scene, chance, depth)


def _spoiled_members(members: Any, chance: random.Random) -> Any:
    members = json.loads(json.dumps(members))
    for _ in range(chance.randint(1, 3)):
        places = list(_places(members))
        if not places:
            return deepcopy(chance.choice(_JSON_NASTY))
        holder, name = chance.choice(places)
        act = chance.random()
        if act < 0.2:
            del holder[name]
        elif act < 0.3 and isinstance(holder, dict):
            holder[str(name).swapcase()] = holder.pop(name)
        else:
            holder[name] = _nasty_like(holder[name], chance)
    return members


def _nasty_like(value: Any, chance: random.Random) -> Any:
    """Mostly of the same type, so that it gets past the first checks."""
    alike = [nasty for nasty in _JSON_NASTY if type(nasty) is type(value)]
    return deepcopy(chance.choice(alike if alike and chance.random() < 0.8 else _JSON_NASTY))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder (object or list) with every name or number in it."""
    inner = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    for name, held in inner:
        yield value, name
        yield from _places(held)


def _spoiled_documents(members: Any, chance: random.Random) -> Any:
    """Spoil what is XML in the members, or put spoiled XML in the place of some text."""
    texts = [(holder, name) for holder, name in _places(members) if isinstance(holder[name], str)]
    documents = [(holder, name) for holder, name in texts if holder[name].startswith("<")]
    if not texts:
        return _spoiled_members(members, chance)
    holder, name = chance.choice(documents or texts)
    text: str = holder[name] if documents else chance.choice(DOCUMENTS)
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(text))
        act = chance.random()
        if act < 0.4:
            at = 0 if chance.random() < 0.5 else at
            text = text[:at] + chance.choice(_XML_NASTY) + text[at:]
        elif act < 0.6:
            text = text[:at] + text[at + chance.randint(1, 40) :]
        elif act < 0.8:
            text = text.replace(
                *chance.choice((("Text", "Title"), ("2017", "2018"), ("</", "<"), ("1", "999999999")))
            )
        else:
            text = text[:at] + text[max(0, at - chance.randint(1, 80)) :]
    holder[name] = text
    return members


def _spoiled_bytes(body: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(body))
        act = chance.random()
        if act < 0.3:
            body = body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        elif act < 0.5:
            body = body[:at]
        elif act < 0.9:
            body = body[:at] + chance.choice(_BYTES_NASTY) + body[at:]
        else:
            body = body[:at] + chance.choice((b"[", b'{"a":')) * chance.randint(1, 20_000) + body[at:]
    return body


_HEADER_NASTY = (
    "",
    "x",
    "\xff\xfe",
    "a" * 5000,
    "%00",
    "AWS4-HMAC-SHA256",
    "20261123T000000Z",
    "0",
    "/////",
    "=,=;",
)


def _spoiled_headers(name: str, members: Any, scene: Scene, host: str, chance: random.Random) -> bytes:
    """A good call whose headers were changed after it was signed."""
    body = json.dumps(members).encode()
    headers = Call(*scene.key, name, body).signed(host)
    for _ in range(chance.randint(1, 3)):
        header = chance.choice(["authorization", "authorization", "x-amz-date", "x-amz-target", "host"])
        value = headers[header]
        at = chance.randint(0, len(value))
        act = chance.random()
        if act < 0.5:
            headers[header] = value[:at] + chance.choice("aZ0/=,; ") + value[at + 1 :]
        elif act < 0.7:
            headers[header] = value[:at]
        else:
            headers[header] = chance.choice(_HEADER_NASTY)
    if chance.random() < 0.2:
        headers[chance.choice(("x-amz-security-token", "x-amz-content-sha256"))] = chance.choice(
            _HEADER_NASTY
        )
    # A signature that was not harmed at all in the end is harmed here.
    headers["authorization"] = headers["authorization"][:-1] + "_"
    return raw(headers, body, chance.choice(("/mturk", "/mturk/", "/")))


# --- sending ---


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    body: bytes


def send_all(port: int, requests: Sequence[Mutant], *, clients: int) -> list[Outcome]:
    """Every request's answer, in order; ``clients`` at a time on kept connections."""
    outcomes: list[Outcome | None] = [None] * len(requests)

    def work(first: int) -> None:
        line: socket.socket | None = None
        for number in range(first, len(requests), clients):
            outcome, line = _exchange(port, requests[number].request, line)
            outcomes[number] = outcome
        if line is not None:
            line.close()

    with ThreadPoolExecutor(clients) as pool:
        for _ in pool.map(work, range(clients)):
            pass
    return [outcome for outcome in outcomes if outcome is not None]


def _exchange(port: int, request: bytes, line: socket.socket | None) -> tuple[Outcome, socket.socket | None]:
    """Send on the kept connection, or on a new one when the server closed it."""
    if line is None:
        line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.sendall(request)
    got = b""
    while b"\r\n\r\n" not in got:
        part = line.recv(65_536)
        if not part:
            line.close()
            return _exchange(port, request, None) if not got else (Outcome(0, got), None)
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    low = head.lower()
    at = low.find(b"content-length:")
    length = int(low[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    while len(body) < length:
        body += line.recv(65_536)
    outcome = Outcome(int(head.split(b" ", 2)[1]), body)
    if b"connection: close" in low:
        line.close()
        return outcome, None
    return outcome, line


# --- what must not change ---

# Remembered of every call, by design: signatures and counts for minutes, the hour a key was last used.
_MAY_CHANGE = ("people_wire_seen", "people_wire_use", "people_accesskey", "people_cache", "people_session")


def print_of_the_market() -> dict[str, str]:
    """A digest of each table's rows; what jobs and calls remember for themselves is left out."""
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(
                (
                    "work_",
                    "people_",
                    "ledger_",
                    "money_",
                    "journal_",
                    "qualifications_",
                    "campaigns_",
                    "quality_",
                    "notices_",
                )
            )
            and name not in _MAY_CHANGE
        ]
        digests = {}
        for name in tables:
            cursor.execute(
                f"select count(*), md5(string_agg(md5(t::text), '' order by t::text)) from \"{name}\" t"
            )
            digests[name] = str(cursor.fetchone())
    return digests


# --- both together ---


@dataclass(frozen=True, slots=True)
class Trial:
    """All that was answered, round by round, and the tables that the last round changed."""

    answers: list[tuple[Mutant, Outcome]]
    changed: list[str]

    @property
    def faults(self) -> list[tuple[Mutant, Outcome]]:
        """Answers that are no answers, and those that blame ourselves."""
        return [told for told in self.answers if not 200 <= told[1].status < 500]


def trial(scene: Scene, port: int, *, seed: int, count: int, clients: int) -> Trial:
    """Send them all. Some were spoiled in ways that leave them good acts (a changed note is still a note);
    the others are sent once more, until none of them is a good act: that round must change nothing."""
    answers: list[tuple[Mutant, Outcome]] = []
    good: set[int] = set()
    for round in range(1, 20):
        before = print_of_the_market()
        made = mutants(scene, host=f"localhost:{port}", seed=seed, count=count, round=round)
        sent = [mutant for mutant in made if mutant.no not in good]
        told = list(zip(sent, send_all(port, sent, clients=clients), strict=True))
        answers += told
        acts = {mutant.no for mutant, answer in told if answer.status == 200 and not mutant.reads}
        if not acts:
            after = print_of_the_market()
            return Trial(answers, sorted(name for name in after if before.get(name) != after[name]))
        good |= acts
    raise AssertionError(f"seed {seed}: every round some refused act became good")

"""docs/wire/errors.md is true: each of its errors comes back over TCP, and the source can say no other."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import transaction
from django.test import override_settings

from tests import cast, make
from tests.api.conftest import Plant, Wire
from tests.api.hits import FORM, HIT, HTML, TYPE, submitted
from tests.api.signing import Answer, Call, send
from tukro.api import mturk
from tukro.api.mturk.refused import NOT_FOUND
from tukro.people.actions.keys import NewKey
from tukro.qualifications.actions.requesting import request_qualification
from tukro.runtime.place import ROOT

PAGE = ROOT / "docs" / "wire" / "errors.md"
NOBODY = "3" + "A" * 29
Kind = tuple[str, str]  # class and TurkErrorCode without the prefix that most share


def documented() -> dict[Kind, re.Pattern[str]]:
    """The errors of the page and what their messages look like."""
    rules, _, before = PAGE.read_text().partition("## Business rules")[2].partition("## Before")
    row = re.compile(r"^\| ([A-Z]\w+) \| (?:([\w.]+) \| )?.* \| `(.*)` \|$", re.MULTILINE)
    rows = [*row.findall(rules), *((kind, "", said) for kind, _, said in row.findall(before))]
    return {(kind, code): re.compile(".*".join(map(re.escape, said.split("…")))) for kind, code, said in rows}


# --- what the source can say ---


def _said_in(tree: ast.AST) -> Iterator[Kind]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            texts = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
            named = {one.arg: one.value.value for one in node.keywords if isinstance(one.value, ast.Constant)}
            yield from _said_by(name, texts, named)


def _said_by(name: str, texts: list[Any], named: dict[str | None, Any]) -> Iterator[Kind]:
    match name, texts:
        case "request_error" | "_bad_document", [str(code), *_]:
            yield ("RequestError" if name == "request_error" else "ParameterValidationError"), code
        case "parameter_error", [_, str(code)]:
            yield "ParameterValidationError", code
        case "parameter_error" | "invalid_value", _:
            yield "ParameterValidationError", "InvalidParameterValue"
        case "does_not_exist", [str(what), *_]:
            yield "RequestError", f"{_wired(what)}DoesNotExist"
        case "wrong_state", [str(what), *_]:
            yield "RequestError", f"Invalid{what}State"
        case "validation_error", _:
            yield "ValidationException", ""
        case "WireError", [str(kind), str(code), *_]:
            yield kind, code.removeprefix("AWS.MechanicalTurk.")
        case "SignatureFault", [str(kind), *_]:
            yield kind, ""
        case "Form", [str(code), *_]:
            yield named.get("kind", "RequestError"), code


def sayable() -> set[Kind]:
    sources = [file for folder in mturk.__path__ for file in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 15
    found = {said for file in sources for said in _said_in(ast.parse(file.read_text()))}
    # A thing that is not there is named by the fact that the house's refusal brings along.
    return found | {("RequestError", f"{_wired(what)}DoesNotExist") for what in NOT_FOUND.values()}


def _wired(what: str) -> str:
    return what.replace("Hit", "HIT")


def test_the_page_names_every_error_that_the_source_can_say_and_no_other() -> None:
    assert sorted(sayable()) == sorted(documented())


# --- what comes back ---


@dataclass
class House:
    """A market with something in every state that an operation can be called in at the wrong time."""

    wire: Wire
    key: NewKey

    def call(self, operation: str, **members: Any) -> Answer:
        return self.wire.call(self.key, operation, members)

    def made(self, operation: str, **members: Any) -> Any:
        answer = self.call(operation, **members)
        assert answer.status == 200, answer.body
        return next(iter(answer.members.values()), None)

    def errors(self) -> Iterator[Answer]:
        """One call for each row of the page but those of a fault of ours and of too many calls."""
        yield from self.of_hits()
        yield from self.of_work()
        yield from self.of_qualifications()
        yield from self.of_values()
        yield from self.of_the_door()

    def of_hits(self) -> Iterator[Answer]:
        hit = self.made("CreateHIT", **HIT, UniqueRequestToken="once")["HITId"]
        yield self.call("GetHIT", HITId=NOBODY)
        yield self.call("CreateHITWithHITType", HITTypeId=NOBODY, LifetimeInSeconds=60, Question=HTML)
        yield self.call("CreateHIT", **TYPE, LifetimeInSeconds=60, HITLayoutId=NOBODY)
        yield self.call("CreateHIT", **HIT, UniqueRequestToken="once")
        more = {"HITId": hit, "NumberOfAdditionalAssignments": 1, "UniqueRequestToken": "more"}
        self.made("CreateAdditionalAssignmentsForHIT", **more)
        yield self.call("CreateAdditionalAssignmentsForHIT", **more)
        yield self.call("CreateAdditionalAssignmentsForHIT", HITId=hit, NumberOfAdditionalAssignments=8)
        yield self.call("CreateHIT", **HIT | {"MaxAssignments": 1_000_000})
        yield self.call("DeleteHIT", HITId=hit)
        hit_type = {"HITTypeId": self.made("CreateHITType", **TYPE)}
        yield self.call("UpdateNotificationSettings", **hit_type, Active=True)
        hook = {"Transport": "SNS", "Destination": "ftp://example.org", "Version": "2014-08-15"}
        asked = hook | {"EventTypes": ["HITCreated"]}
        yield self.call("UpdateNotificationSettings", **hit_type, Notification=asked)

    def of_work(self) -> Iterator[Answer]:
        yield self.call("GetAssignment", AssignmentId=NOBODY)
        work = submitted(self.made("CreateHIT", **HIT)["HITId"])
        self.made("ApproveAssignment", AssignmentId=work)
        yield self.call("ApproveAssignment", AssignmentId=work)

    def of_qualifications(self) -> Iterator[Answer]:
        worker = make.worker()
        asked = {"Name": "Reads", "Description": "", "QualificationTypeStatus": "Active"}
        kind = {"QualificationTypeId": self.made("CreateQualificationType", **asked)["QualificationTypeId"]}
        held = {**kind, "WorkerId": worker.public_id}
        yield self.call("CreateQualificationType", **asked)
        yield self.call("GetQualificationType", QualificationTypeId=NOBODY)
        yield self.call("AcceptQualificationRequest", QualificationRequestId=NOBODY)
        yield self.call("GetQualificationScore", **held)
        request = request_qualification(worker=worker, type_id=kind["QualificationTypeId"], now=make.NOW)
        self.made("AcceptQualificationRequest", QualificationRequestId=request.public_id)
        yield self.call("RejectQualificationRequest", QualificationRequestId=request.public_id)
        self.made("DisassociateQualificationFromWorker", **held)
        yield self.call("GetQualificationScore", **held)
        self.made("UpdateQualificationType", **kind, QualificationTypeStatus="Inactive")
        yield self.call("AssociateQualificationWithWorker", **held)
        houses = {"QualificationTypeId": "00000000000000000040"}
        yield self.call("UpdateQualificationType", **houses, Description="mine")

    def of_values(self) -> Iterator[Answer]:
        yield self.call("CreateWorkerBlock", WorkerId="A" + "Z" * 13, Reason="")
        yield self.call("CreateHITType", **TYPE | {"Title": "x" * 129})
        yield self.call("ListBonusPayments")
        shouted = "<FormattedContent>&lt;P&gt;x&lt;/P&gt;</FormattedContent>"
        for question in (
            FORM.removesuffix("</QuestionForm>"),
            FORM.replace("<Text>Which?</Text>", shouted),
            HTML.replace("</form>", "<textarea>"),
        ):
            yield self.call("CreateHIT", **HIT | {"Question": question})
        yield self.call("CreateHITType")

    def of_the_door(self) -> Iterator[Answer]:
        yield self.call("ListHITs", MaxResults="ten")
        yield self.call("Vanish")
        url, balance = self.wire.url, Call(*self.key)
        yield send(url, balance, {"authorization": None})
        yield send(url, balance, {"authorization": "Basic a2FyaW0="})
        yield send(url, Call("AKIAQQQQQQQQQQQQQQQQ", "x" * 40))
        yield send(url, Call(self.key.key_id, "x" * 40))


def _kind(answer: Answer) -> tuple[Kind, str]:
    told = json.loads(answer.body)
    code = str(told.get("TurkErrorCode", "")).removeprefix("AWS.MechanicalTurk.")
    return (told["__type"], code), told.get("Message", told.get("message"))


def test_each_error_of_the_page_comes_back_with_its_message(wire: Wire, plant: Plant) -> None:
    house = House(wire, wire.key_of(cast.karim()))
    told = dict(map(_kind, house.errors()))

    def break_down(_: object) -> dict[str, str]:
        raise RuntimeError

    def lose_the_answer(_: object) -> dict[str, str]:
        transaction.on_commit(_lost)
        return {}

    plant("GetAccountBalance", break_down)
    plant("DeleteWorkerBlock", lose_the_answer)
    broken = [house.call("GetAccountBalance"), house.call("DeleteWorkerBlock", WorkerId="A1")]
    with override_settings(WIRE_RATE=1):
        told |= dict(map(_kind, [*broken, house.call("ListHITs")]))

    page = documented()
    assert sorted(told) == sorted(page)
    assert {kind: said for kind, said in told.items() if not page[kind].match(said)} == {}


def _lost() -> None:
    raise psycopg.OperationalError

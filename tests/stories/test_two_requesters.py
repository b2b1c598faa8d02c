"""Two requesters with the same workers: each sees ids of their own, and nothing leads from one to the other.

Every page that a requester can reach by links, every file, every answer of the wire, every mail and
notification is read for what must not be in it: a worker's own id, and the ids of the other requester.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests import make
from tests.notices.telling import tell_at_once
from tests.stories.two_requesters import Market, Side, doors_that_name, leaks, side_of, walk
from tests.web.joining import signed_in
from tests.web.market import address
from tests.web.reading import streamed
from tukro.campaigns.queries.reviewing import batch_of
from tukro.notices.actions.queueing import queue_next
from tukro.notices.models import Delivery, Destination, Mail, Notice
from tukro.notices.rules.notifications import Happening, document
from tukro.people.models import Worker
from tukro.privacy.actions.exporting import ask_for_export
from tukro.privacy.jobs import make_exports
from tukro.privacy.models import DataExport
from tukro.work.actions.doing.assigning import accept_next

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def market() -> Market:
    workers = {name: make.worker() for name in ("rahima", "nusrat", "jahid")}
    return Market(side_of("Karim", workers), side_of("Salma", workers), workers)


def test_nothing_that_a_requester_gets_leads_to_another(market: Market) -> None:
    _read_pages_and_files(market)
    _read_mails_and_notifications(market)
    _read_exports(market)
    _read_a_work_page(market)
    _ask_the_wire(market)
    assert leaks(market) == []


def _read_pages_and_files(market: Market) -> None:
    for side, _other in market.sides():
        walk(side)
        group = f"/requester/groups/{side.group.public_id}"
        for extra in (
            f"{group}/past",
            f"/requester/batches/{side.batch.public_id}/review?state=all",
            f"/requester/assignments/{side.works['rahima'].public_id}",
            f"/requester/messages/about/{side.known(market.workers['rahima'])}",
            "/requester/former_workers?show=waiting",
        ):
            side.get(extra)
    rahima, nusrat, jahid = market.workers.values()
    for side, _other in market.sides():
        batch, group = side.batch.public_id, side.group.public_id
        assert doors_that_name(side, rahima) >= {
            f"/requester/batches/{batch}/review",
            f"/requester/batches/{batch}/results.csv",
            f"/requester/assignments/{side.works['rahima'].public_id}",
            f"/requester/groups/{group}",
            f"/requester/groups/{group}/past",
            f"/requester/qualifications/{side.kind.public_id}",
            "/requester/former_workers",
            "/requester/messages",
        }
        assert doors_that_name(side, nusrat) >= {"/requester/appeals", "/requester/qualifications/requests"}
        assert "/requester/blocks" in doors_that_name(side, jahid)
        filtered = side.get(f"/requester/batches/{batch}/review?state=all&worker={side.known(jahid)}")
        assert side.known(jahid) in filtered
        assert side.known(nusrat) not in filtered


def _read_mails_and_notifications(market: Market) -> None:
    tell_at_once()
    while queue_next(limit=500, now=timezone.now()):
        pass
    for side, _other in market.sides():
        for mail in Mail.objects.filter(to=side.requester.user.email):
            side.words[f"mail {mail.pk}"] = f"{mail.subject} {mail.text}"
        for notice in Notice.objects.filter(user=side.requester.user):
            side.words[f"notice {notice.pk}"] = str(vars(notice))
        for one in Delivery.objects.filter(destination__requester=side.requester):
            happening = Happening(one.event_type, one.happened_at, "T", one.task, one.assignment)
            side.words[f"document {one.pk}"] = document(
                happening,
                document_id=one.document_id,
                customer_id=side.requester.public_id,
                version=one.version,
            )
    for side, _other in market.sides():
        assert Destination.objects.filter(requester=side.requester).exists()
        named = [door for worker in market.workers.values() for door in doors_that_name(side, worker)]
        assert [door for door in named if door.startswith("mail")]


def _read_exports(market: Market) -> None:
    for side, _other in market.sides():
        user = side.requester.user
        ask_for_export(user=user, now=timezone.now())
        assert make_exports(timezone.now()) == 1
        export = DataExport.objects.get(user=user)
        answer = side.client.get(f"/account/data/{export.public_id}/download")
        archive = zipfile.ZipFile(io.BytesIO(streamed(answer)))
        for name in archive.namelist():
            side.words[name] = archive.read(name).decode()
            if not name.startswith("data/"):
                continue
            keys = {str(one.pk) for one in market.workers.values()}
            for row in json.loads(side.words[name]):
                assert str(row.get("worker_id")) not in keys, name
    jahid = market.workers["jahid"]
    for side, _other in market.sides():
        assert doors_that_name(side, jahid) >= {
            "history/journal.json",
            "data/qualifications.Block.requester.json",
        }


def _read_a_work_page(market: Market) -> None:
    rahima = make.worker()
    for side, other in market.sides():
        group = side.batch.task_type.group_id
        accepted = accept_next(worker=rahima, group_id=group, now=timezone.now())
        page = unescape(signed_in(rahima.user).get(address(accepted)).content.decode())
        (learnt,) = set(re.findall(r"workerId=(\w+)", page))
        assert learnt == side.known(rahima) != other.known(rahima)


def _ask_the_wire(market: Market) -> None:
    rahima, nusrat, jahid = market.workers.values()
    for side, other in market.sides():
        batch = batch_of(side.requester, side.batch.public_id)
        for task in [*batch.tasks.all(), side.wire_task]:
            side.ask("ListAssignmentsForHIT", HITId=task.public_id)
            side.ask("ListBonusPayments", HITId=task.public_id)
            side.ask("ListReviewPolicyResultsForHIT", HITId=task.public_id)
        one = side.works["rahima"].public_id
        assert side.known(rahima) in side.ask("GetAssignment", AssignmentId=one)
        assert side.known(rahima) in side.ask("ListBonusPayments", AssignmentId=one)
        kind = {"QualificationTypeId": side.kind.public_id}
        assert side.known(rahima) in side.ask("ListWorkersWithQualificationType", **kind)
        assert side.known(jahid) in side.ask("ListWorkersWithQualificationType", Status="Revoked", **kind)
        assert side.known(nusrat) in side.ask("ListQualificationRequests")
        assert side.known(jahid) in side.ask("ListWorkerBlocks")
        # In by the caller's own id, and out again.
        named = {"WorkerId": side.known(rahima)}
        assert side.known(rahima) in side.ask("GetQualificationScore", **kind, **named)
        assert side.ask("DisassociateQualificationFromWorker", **kind, **named) == "{}"
        assert side.ask("AssociateQualificationWithWorker", IntegerValue=7, **kind, **named) == "{}"
        assert side.ask("CreateWorkerBlock", Reason="x", **named) == "{}"
        assert side.ask("DeleteWorkerBlock", **named) == "{}"
        thanks = {"AssignmentId": one, "BonusAmount": "0.05", "Reason": "More"}
        assert side.ask("SendBonus", **thanks, **named) == "{}"
        stranger = make.worker()
        told = json.loads(
            side.ask(
                "NotifyWorkers",
                Subject="Hello",
                MessageText="More work",
                WorkerIds=[side.known(rahima), side.known(stranger), rahima.public_id, other.known(rahima)],
            )
        )
        failed = {
            each["WorkerId"]: each["NotifyWorkersFailureMessage"]
            for each in told["NotifyWorkersFailureStatuses"]
        }
        assert "not approved" in failed.pop(side.known(stranger))
        assert all("does not exist" in said for said in failed.values())
        assert set(failed) == {rahima.public_id, other.known(rahima)}  # as the caller sent them
        side.words = {door: text for door, text in side.words.items() if not door.startswith("NotifyWorkers")}


def test_no_other_id_opens_a_door(market: Market) -> None:
    rahima = market.workers["rahima"]
    for wrong in (rahima.public_id, market.salma.known(rahima), "AZZZZZZZZZZZZZ"):
        _try_all_doors(market.karim, wrong, rahima)


def _try_all_doors(karim: Side, wrong: str, rahima: Worker) -> None:
    kind = {"QualificationTypeId": karim.kind.public_id}
    bonus = {
        "AssignmentId": karim.works["rahima"].public_id,
        "BonusAmount": "0.05",
        "Reason": "Thanks",
    }
    calls: dict[str, dict[str, Any]] = {
        "AssociateQualificationWithWorker": kind,
        "DisassociateQualificationFromWorker": kind,
        "GetQualificationScore": kind,
        "CreateWorkerBlock": {"Reason": "x"},
        "DeleteWorkerBlock": {},
        "SendBonus": bonus,
    }
    for operation, given in calls.items():
        answer = karim.ask(operation, WorkerId=wrong, **given)
        assert f'The value \\"{wrong}\\" is not valid for the parameter WorkerId' in answer, answer
    group, batch = karim.group.public_id, karim.batch.public_id
    invited = karim.client.post(f"/requester/groups/{group}/invite", {"workers": wrong}, follow=True)
    assert f"No such worker: {wrong}" in invited.content.decode()
    former = {"former_id": "A1FORMERLY1", "worker_id": wrong}
    lost = [
        karim.client.post(f"/requester/groups/{group}/drop/{wrong}", {"do": "remove"}),
        karim.client.post(f"/requester/blocks/{wrong}/lift"),
        karim.client.post("/requester/former_workers/confirm", former),
        karim.client.get(f"/requester/messages/about/{wrong}"),
    ]
    assert [answer.status_code for answer in lost] == [HTTPStatus.NOT_FOUND] * 4
    refused = karim.client.post("/requester/blocks", {"worker": wrong, "reason": "x"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    grid = karim.client.get(f"/requester/batches/{batch}/review?state=all&worker={wrong}").content.decode()
    assert karim.known(rahima) not in grid


def test_the_worker_and_staff_see_which_requester_knows_which_id(market: Market) -> None:
    _see_as_the_worker(market)
    _see_as_staff(market)


def _see_as_the_worker(market: Market) -> None:
    rahima = market.workers["rahima"]
    shown = signed_in(rahima.user).get("/account/known").content.decode()
    ask_for_export(user=rahima.user, now=timezone.now())
    assert make_exports(timezone.now()) == 1
    export = DataExport.objects.get(user=rahima.user)
    answer = signed_in(rahima.user).get(f"/account/data/{export.public_id}/download")
    archive = zipfile.ZipFile(io.BytesIO(streamed(answer)))
    taken = {row["name"]: row["known_as"] for row in json.loads(archive.read("data/known_to.json"))}
    for side, _other in market.sides():
        assert side.known(rahima) in shown
        assert taken[side.requester.name] == side.known(rahima)
        profile = signed_in(rahima.user).get(f"/requesters/{side.requester.public_id}").content.decode()
        assert side.known(rahima) in profile


def _see_as_staff(market: Market) -> None:
    rahima = market.workers["rahima"]
    shirin = signed_in(make.staff())
    page = shirin.get(f"/staff/workers/{rahima.public_id}").content.decode()
    for side, _other in market.sides():
        assert side.known(rahima) in page
        found = unescape(shirin.get(f"/staff/people?q={side.known(rahima).lower()}").content.decode())
        assert rahima.public_id in found
        assert side.requester.name in found

"""The migration that gives ids of their own to requesters who have seen no worker's id."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from tests import make
from tukro.notices.actions.talking import begin_as_worker
from tukro.people.aliases import KEY, NO_KEY
from tukro.people.models import Requester
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.actions.granting import grant
from tukro.qualifications.actions.groups import create_group, invite
from tukro.qualifications.actions.pool import Former, bring_workers
from tukro.qualifications.actions.requesting import request_qualification

pytestmark = pytest.mark.django_db

NOW = make.NOW


def test_only_who_has_seen_no_id_gets_other_ones() -> None:
    rahima = make.worker()
    knowing = {name: make.requester(name=name) for name in _WAYS}
    for name, requester in knowing.items():
        _meet(name, requester)
    begin_as_worker(worker=rahima, about=knowing["message"].public_id, text="Hello", now=NOW)
    newcomer, posted = make.requester(name="Newcomer"), make.requester(name="Posted, nobody came")
    make.batch(of=posted)
    make.qualification_type(of=posted)
    create_group(requester=posted, name="Nobody yet", description="", now=NOW)
    migration = import_module("tukro.notices.migrations.0007_aliases_of_newcomers")
    with connection.cursor() as cursor:
        cursor.execute(migration.GIVE)
    keys = dict(Requester.objects.values_list("name", "alias_key"))
    given = {newcomer.name: KEY, posted.name: KEY}
    assert keys == dict.fromkeys(_WAYS, NO_KEY) | given


_WAYS = ("work", "message", "block", "former", "granted", "asked", "invited")


def _meet(way: str, requester: Requester) -> None:
    worker = make.worker()
    kind = make.qualification_type(of=requester)
    match way:
        case "work":
            make.accepted(of=make.batch(of=requester))
        case "block":
            block_worker(requester=requester, worker=worker, reason="x", now=NOW)
        case "former":
            bring_workers(requester=requester, workers=[Former("A1FORMERLY")], now=NOW)
        case "granted":
            grant(requester=requester, type_id=kind.public_id, worker=worker, value=1, now=NOW)
        case "asked":
            request_qualification(worker=worker, type_id=kind.public_id, now=NOW)
        case "invited":
            group = create_group(requester=requester, name="Eyes", description="", now=NOW)
            ids = [worker.public_id]
            invite(requester=requester, group_id=group.public_id, worker_ids=ids, now=NOW)

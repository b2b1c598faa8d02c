"""Work on the market of a test of the wire, made by the house's verbs at the time of the server's clock."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from psycopg import Cursor

from tests import make
from tests.together import together
from tukro.people.models import Requester, Worker
from tukro.work.actions.publishing.task_changes import change_expiry, dispose_task
from tukro.work.models import Assignment, Batch


def now() -> datetime:
    return datetime.now(UTC)


def batch(of: Requester, **options: Any) -> Batch:
    return make.batch(of=of, now=now(), **options)


def submitted(
    of: Batch, by: Worker | None = None, fields: Sequence[tuple[str, str]] = (("digit", "7"),)
) -> Assignment:
    return make.submitted(of=of, by=by, fields=fields, now=now())


def delete_task(of: Assignment, requester: Requester) -> None:
    """End the task of an assignment that was judged, and be done with it."""
    task_id, at = of.task.public_id, now()
    change_expiry(requester=requester, task_id=task_id, expires_at=at, now=at)
    dispose_task(requester=requester, task_id=task_id, now=at)


def refused(call: Callable[..., object], **given: object) -> Mapping[str, Any]:
    """What the client was told when the call was refused: boto3's ``e.response``."""
    with pytest.raises(ClientError) as error:
        call(**given)
    answer: Mapping[str, Any] = error.value.response
    return answer


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Make all calls at the same moment; for each, in the order given, ``done`` or what boto3 raised."""
    told = ["done" if not isinstance(one, Exception) else type(one).__name__ for one in together(*calls)]
    # boto3's errors keep their connection open, and with it a thread of the server and its database.
    gc.collect()
    return told


def code(answer: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of a refusal and its TurkErrorCode without the prefix that all share."""
    return answer["Error"]["Code"], answer.get("TurkErrorCode", "").removeprefix("AWS.MechanicalTurk.")


def statements_of(call: Callable[[], object]) -> list[str]:
    """What the server, which runs in threads of this process, asked the database during a call."""
    asked: list[str] = []
    execute = Cursor.execute

    def noted(cursor: Cursor[Any], sql: Any, params: Any = None, **how: Any) -> Any:
        asked.append(str(sql))
        return execute(cursor, sql, params, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cursor, "execute", noted)
        call()
    return asked

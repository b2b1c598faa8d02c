"""Whose balance lies there without a sign of life, and what is set apart for whom."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Sum

from tukro.kernel.money import Money
from tukro.money.models import UnclaimedBalance
from tukro.people.models import Requester, Worker

# A sign of life: joining, a sign-in, a visit, a program that reads or calls, any movement of the balance. A
# visit that is over is counted by its sign-in, or by ``people.jobs.purge_sessions``.
_LIFE = """
    greatest(u.joined_at, u.last_login,
        (select max(s.seen_at) from people_session s where s.user_id = u.id),
        (select max(t.last_used_at) from people_workertoken t
            join people_worker w on w.id = t.worker_id where w.user_id = u.id),
        (select max(k.last_used_at) from people_accesskey k
            join people_requester r on r.id = k.requester_id where r.user_id = u.id),
        (select t.posted_at from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
            where e.account_id = a.id order by e.transfer_id desc limit 1))
"""
_SILENT = f"""
    select p.public_id from {{table}} p
    join ledger_account a on a.code = '{{code}}' and a.owner = p.public_id and a.balance > 0
    join people_user u on u.id = p.user_id
    where not exists (select from money_unclaimedbalance b
        where b.{{column}} = p.id and b.moved_at is null and b.ended_at is null)
      and {_LIFE} < %s
    order by p.id limit %s
"""
_LAST = f"""
    select {_LIFE} from {{table}} p
    join ledger_account a on a.code = '{{code}}' and a.owner = p.public_id
    join people_user u on u.id = p.user_id where p.id = %s
"""
_WORKERS = {"table": "people_worker", "code": "worker_available", "column": "worker_id"}
_REQUESTERS = {"table": "people_requester", "code": "requester_available", "column": "requester_id"}


def silent_since(moment: datetime, limit: int) -> list[Worker | Requester]:
    """People who have a balance, gave no sign of life since, and were not told yet; at most ``limit``."""
    workers = Worker.objects.filter(public_id__in=_ids(_SILENT.format(**_WORKERS), moment, limit))
    requesters = Requester.objects.filter(public_id__in=_ids(_SILENT.format(**_REQUESTERS), moment, limit))
    found: list[Worker | Requester] = [*workers.order_by("pk")]
    found += requesters.order_by("pk")
    return found[:limit]


def last_sign_of(person: Worker | Requester) -> datetime:
    """The last sign of life of somebody who has a balance."""
    which = _WORKERS if isinstance(person, Worker) else _REQUESTERS
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(**which), [person.pk])
        row: tuple[datetime] = cursor.fetchone()
    return row[0]


def unclaimed_of(person: Worker | Requester) -> Money:
    """What is set apart for somebody and can be claimed."""
    column = "worker" if isinstance(person, Worker) else "requester"
    open_ones = UnclaimedBalance.objects.filter(moved_at__isnull=False, claimed_at=None, **{column: person})
    total: Money | None = open_ones.aggregate(total=Sum("amount"))["total"]
    return total or Money.zero()


def _ids(sql: str, moment: datetime, limit: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment, limit])
        return [row[0] for row in cursor.fetchall()]

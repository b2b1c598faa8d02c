"""The books are put under seal by a job: a chain of hashes that no later hand can change unseen.

A seal covers what was posted since the seal before and has come to rest. Each day of UTC is closed by a root
over its seals, which the house signs.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from tukro.kernel.signing import public_text
from tukro.ledger.models import Day, Seal
from tukro.ledger.rules.seals import NOTHING_BEFORE, DayHead, SealHead, microseconds
from tukro.ledger.rules.tree import split, tree_root

MOST_TRANSFERS = 20_000  # under one seal

_NEXT = """
    select coalesce(max(id), 0) from (
        select id from ledger_transfer where id > %s and id <= %s order by id limit %s
    ) t
"""
LEAVES = """
    select count(*), string_agg(ledger_leaf(t, e, a), ''::bytea order by e.transfer_id, e.account_id)
    from ledger_transfer t
    join ledger_entry e on e.transfer_id = t.id and e.transfer_id > %(after)s and e.transfer_id <= %(to)s
    join ledger_account a on a.id = e.account_id
    where t.id > %(after)s and t.id <= %(to)s
"""


def seal_settled(*, now: datetime, most: int = MOST_TRANSFERS) -> int:
    """Seal everything that has come to rest, ``most`` transfers at a time. How many seals were made."""
    made = 0
    while _seal_next(now=now, most=most):
        made += 1
    return made


@transaction.atomic
def _seal_next(*, now: datetime, most: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select ledger_settle()")  # locks: one seals at a time
        settled = cursor.fetchone()[0]
        last = Seal.objects.defer("leaves").order_by("-id").first()
        after = last.to_transfer if last else 0
        cursor.execute(_NEXT, [after, settled, most])
        to = cursor.fetchone()[0]
        if not to:
            return False
        cursor.execute(LEAVES, {"after": after, "to": to})
        entries, leaves = cursor.fetchone()
    at = _not_before(last, now)
    head = SealHead(
        number=last.id + 1 if last else 1,
        to_transfer=to,
        entries=entries,
        sealed_at=microseconds(at),
        previous=bytes(last.hash) if last else NOTHING_BEFORE,
        root=tree_root(split(bytes(leaves))),
    )
    Seal.objects.create(
        id=head.number,
        to_transfer=to,
        entries=entries,
        leaves=leaves,
        root=head.root,
        previous=head.previous,
        hash=head.hash,
        sealed_at=at,
    )
    return True


def _not_before(last: Seal | None, now: datetime) -> datetime:
    """``now``, but never before the last seal nor in a closed day, whatever a machine's clock says."""
    closed = Day.objects.order_by("-day").values_list("day", flat=True).first()
    earliest = [last.sealed_at] if last else []
    earliest += [_end(closed)] if closed else []
    return max([now, *earliest])


@transaction.atomic
def sign_days(*, key: Ed25519PrivateKey, now: datetime) -> int:
    """Close every day that is over and has seals. How many were closed."""
    with connection.cursor() as cursor:
        cursor.execute("select from ledger_settled for update")
    signed = 0
    while _sign_next(key=key, now=now):
        signed += 1
    return signed


def _sign_next(*, key: Ed25519PrivateKey, now: datetime) -> bool:
    last = Day.objects.order_by("-day").first()
    open_seals = Seal.objects.filter(id__gt=last.last_seal if last else 0).order_by("id")
    first = open_seals.defer("leaves").first()
    if first is None:
        return False
    day = first.sealed_at.astimezone(UTC).date()
    over = _end(day)
    if now < over:
        return False
    seals = list(open_seals.filter(sealed_at__lt=over).values_list("id", "hash"))
    head = DayHead(
        day=day,
        first_seal=first.id,
        last_seal=seals[-1][0],
        previous=bytes(last.hash) if last else NOTHING_BEFORE,
        root=tree_root([bytes(one) for _, one in seals]),
    )
    Day.objects.create(
        day=day,
        first_seal=head.first_seal,
        last_seal=head.last_seal,
        root=head.root,
        previous=head.previous,
        hash=head.hash,
        key=public_text(key.public_key()),
        signature=key.sign(head.signed),
        signed_at=now,
    )
    return True


def _end(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC) + timedelta(days=1)

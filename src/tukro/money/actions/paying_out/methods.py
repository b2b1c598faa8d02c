"""Where a worker wants to be paid: given, confirmed by mail, usable after a while, taken away.

One account at a bank, wallet or service belongs to one worker. Whoever takes over an account here cannot have
its money sent to themselves at once: the mail goes to its owner, and there is time to object.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.core import signing
from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.sealing import keyed_digest
from tukro.money.models import (
    Payout,
    PayoutIdentity,
    PayoutMethod,
    PayoutSchedule,
    PayoutSignal,
    seal_details,
)
from tukro.money.queries import policy, terms_of
from tukro.money.rules import PAYOUT_FIELDS, PayoutKindName, check_payout_details
from tukro.money.rules.methods import identity_of
from tukro.people.models import Worker

LINK_DAYS = 14  # the link in the mail is good for so long
ASKED_EVERY = timedelta(minutes=10)  # a mail takes a while; nobody's mailbox is filled from here
_LINK = "payout method"


class BadDetails(Refused):
    """Details of a payout method that cannot be right. Facts: ``problems`` (list of rules.DetailProblem)."""


class IdentityTaken(Refused):
    """These details cannot be used for this account. Whose they are is not said."""


class KindNotOffered(Refused):
    """This house does not pay by this kind (any more). Facts: ``kind``."""


class AskedJustNow(Refused):
    """The mail that asks to confirm it went out a moment ago. Facts: ``again_at``."""


class LinkStale(Refused):
    """The link of the mail is forged, too old, or its method was removed."""


def add_method(
    *, worker: Worker, kind: PayoutKindName, details: Mapping[str, str], now: datetime
) -> PayoutMethod:
    """Keep a way to be paid, sealed; a mail asks its worker to confirm it, the earlier ways are told.

    The same place twice is one place; while it waits to be confirmed, another mail asks.

    Refuses NotFound (no such kind), KindNotOffered, BadDetails, IdentityTaken; the last leaves a signal for
    staff.
    """
    if kind not in PAYOUT_FIELDS:
        raise NotFound(kind=kind)
    if not terms_of(kind).offered:
        raise KindNotOffered(kind=kind)
    clean, problems = check_payout_details(kind, details)
    if problems:
        raise BadDetails(problems=problems)
    digest = identity_digest(kind, clean)
    with transaction.atomic():
        owner = _claim(digest, worker, now)
        if owner == worker.pk:
            there = PayoutMethod.objects.filter(worker=worker, kind=kind, digest=digest, removed_at=None)
            same = [one for one in there.select_related("worker") if one.details == clean]
            if not same:
                return _keep(worker, kind, clean, digest, now)
            if same[0].confirmed_at is None and now >= same[0].asked_at + ASKED_EVERY:
                _ask(same[0], now)
            return same[0]
        # Not in a transaction that is given up: staff shall see it.
        PayoutSignal.objects.create(
            kind=PayoutSignal.Kind.SHARED_IDENTITY, worker=worker, other_id=owner, at=now
        )
        record(
            name="PayoutIdentityRefused",
            actor=worker.actor,
            subject=worker.public_id,
            at=now,
            facts={"kind": kind},
        )
    raise IdentityTaken


def identity_digest(kind: PayoutKindName, clean: Mapping[str, str]) -> bytes:
    """The keyed hash of who is behind clean details."""
    return keyed_digest(identity_of(kind, clean), secret=settings.SECRET_KEY, purpose="payout identity")


def _claim(digest: bytes, worker: Worker, now: datetime) -> int:
    """The worker whom this identity belongs to from now on; two who come at once: one."""
    PayoutIdentity.objects.bulk_create(
        [PayoutIdentity(digest=digest, worker=worker, since=now)], ignore_conflicts=True
    )
    return PayoutIdentity.objects.select_for_update().get(digest=digest).worker_id


def _keep(
    worker: Worker, kind: PayoutKindName, clean: dict[str, str], digest: bytes, now: datetime
) -> PayoutMethod:
    method = PayoutMethod.objects.create(
        worker=worker,
        kind=kind,
        sealed_details=seal_details(clean, worker=worker),
        digest=digest,
        added_at=now,
        asked_at=now,
        usable_from=now + timedelta(hours=policy().payout_cooling_hours),
    )
    record(
        name="PayoutMethodAdded",
        actor=worker.actor,
        subject=worker.public_id,
        at=now,
        facts={"kind": kind, "method": method.pk},
    )
    earlier = PayoutMethod.objects.filter(worker=worker, removed_at__isnull=True, confirmed_at__isnull=False)
    for one in earlier.exclude(pk=method.pk).select_related("worker"):
        address = one.details.get("email", "")
        if address and address.lower() != clean.get("email", "").lower():
            # The address itself stays out of the journal; the teller opens it.
            record(
                name="PayoutMethodJoined",
                actor=worker.actor,
                subject=worker.public_id,
                at=now,
                facts={"kind": kind, "method": method.pk, "told": one.pk},
            )
    return method


@transaction.atomic
def ask_again(*, worker: Worker, method_id: int, now: datetime) -> None:
    """Send the mail that asks to confirm a place once more. A confirmed one is asked about no more.

    Refuses NotFound, AskedJustNow.
    """
    mine = PayoutMethod.objects.select_for_update(of=("self",)).filter(worker=worker, removed_at=None)
    method = mine.select_related("worker").filter(pk=method_id).first()
    if method is None:
        raise NotFound(method=method_id)
    if method.confirmed_at is not None:
        return
    if now < (again_at := method.asked_at + ASKED_EVERY):
        raise AskedJustNow(again_at=again_at)
    _ask(method, now)


def _ask(method: PayoutMethod, now: datetime) -> None:
    method.asked_at = now
    method.save(update_fields=["asked_at"])
    record(
        name="PayoutMethodAskedAgain",
        actor=method.worker.actor,
        subject=method.worker.public_id,
        at=now,
        facts={"kind": method.kind, "method": method.pk},
    )


def confirmation_token(method: PayoutMethod) -> str:
    """What the link in the mail carries: whoever has it reads the worker's mail."""
    return signing.dumps(method.pk, salt=_LINK)


def method_of_token(token: str) -> PayoutMethod:
    """The living method that a mail's link is about. Refuses LinkStale."""
    try:
        pk: object = signing.loads(token, salt=_LINK, max_age=timedelta(days=LINK_DAYS))
    except signing.BadSignature:
        raise LinkStale from None
    method = (
        PayoutMethod.objects.select_related("worker__user").filter(pk=cast(int, pk), removed_at=None).first()
    )
    if method is None:
        raise LinkStale
    return method


@transaction.atomic
def confirm_method(*, method: PayoutMethod, now: datetime) -> PayoutMethod:
    """Its worker, reading their mail, said that it is theirs. Twice is once. Refuses LinkStale (removed)."""
    locked = PayoutMethod.objects.select_for_update(of=("self",)).select_related("worker").get(pk=method.pk)
    if locked.removed_at is not None:
        raise LinkStale
    if locked.confirmed_at is not None:
        return locked
    locked.confirmed_at = now
    locked.save(update_fields=["confirmed_at"])
    record(
        name="PayoutMethodConfirmed",
        actor=locked.worker.actor,
        subject=locked.worker.public_id,
        at=now,
        facts={"kind": locked.kind, "method": locked.pk},
    )
    return locked


@transaction.atomic
def remove_method(*, worker: Worker, method_id: int, now: datetime) -> None:
    """Forget a way to be paid; payouts that were asked for keep their copy. Refuses NotFound.

    Twice is once. An identity that no money ever went to is free again: it may have been a slip of the pen.
    """
    method = PayoutMethod.objects.select_for_update().filter(worker=worker, pk=method_id).first()
    if method is None:
        raise NotFound(method=method_id)
    if method.removed_at is not None:
        return
    method.removed_at = now
    method.save(update_fields=["removed_at"])
    PayoutSchedule.objects.filter(method=method).delete()
    still_there = PayoutMethod.objects.filter(worker=worker, digest=method.digest, removed_at=None)
    if not still_there.exists() and not Payout.objects.filter(digest=method.digest).exists():
        PayoutIdentity.objects.filter(digest=method.digest, worker=worker).delete()
    record(
        name="PayoutMethodRemoved",
        actor=worker.actor,
        subject=worker.public_id,
        at=now,
        facts={"kind": method.kind, "method": method.pk},
    )


def forget_methods(worker: Worker) -> None:
    """The worker closed their account: nothing names where they were paid.

    Who leaves in good standing frees their identities; who was barred does not come back by another account.
    """
    PayoutSchedule.objects.filter(worker=worker).delete()
    PayoutMethod.objects.filter(worker=worker).delete()
    if worker.state == "active":
        PayoutIdentity.objects.filter(worker=worker).delete()

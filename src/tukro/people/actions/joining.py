"""From a signed-up user to a worker or a requester, and what staff say to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import new_person_id
from tukro.people.aliases import KEY, NO_KEY
from tukro.people.models import JoiningPolicy, PayoutProof, Requester, ReviewMode, User, Worker, WorkerState
from tukro.people.rules import next_worker_state, tidy_text


class AlreadyAWorker(Refused):
    """One person, one worker account. ``state``"""


class AlreadyARequester(Refused):
    """The person posts tasks already. ``name``"""


class NameNeeded(Refused):
    """A requester shows a name to workers."""


class ReasonNeeded(WordsMissing):
    """No one is refused or suspended without being told why."""


class WrongWorkerState(Refused):
    """The worker account does not stand where this can be done to it. ``state``"""


def request_worker_account(*, user: User, country: str, now: datetime) -> Worker:
    """Ask for the right to take tasks; the policy decides whether it starts at once.

    Writes WorkerRequested, and WorkerApproved by the house when no review comes first.
    Refuses AlreadyAWorker. A refused person may ask again; staff look first then.
    """
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        worker = Worker.objects.filter(user=user).first()
        state = next_worker_state(worker.state if worker else "none", f"request_{review_mode()}")
        if state is None:
            assert worker is not None
            raise AlreadyAWorker(state=worker.state)
        worker = worker or Worker(user=user, public_id=new_person_id())
        worker.state, worker.country, worker.requested_at = state, country, now
        worker.reviewed_at, worker.reviewed_by, worker.review_reason = None, "", ""
        worker.save()
        record(
            name="WorkerRequested",
            actor=worker.actor,
            subject=worker.public_id,
            at=now,
            facts={"country": country, "state": state},
        )
    return worker


def become_requester(*, user: User, name: str, now: datetime) -> Requester:
    """Give the person the right to post tasks, under ``name``.

    Writes RequesterJoined. Refuses NameNeeded, AlreadyARequester.
    """
    shown = tidy_text(name)
    if not shown:
        raise NameNeeded
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        if earlier := Requester.objects.filter(user=user).first():
            raise AlreadyARequester(name=earlier.name)
        requester = Requester.objects.create(
            user=user,
            public_id=new_person_id(),
            name=shown[:120],
            created_at=now,
            alias_key=KEY if gives_aliases() else NO_KEY,
        )
        record(
            name="RequesterJoined",
            actor=requester.actor,
            subject=requester.public_id,
            at=now,
            facts={"name": requester.name},
        )
    return requester


def approve_worker(*, by: Actor, worker_id: str, now: datetime, reason: str = "") -> Worker:
    """Staff looked and said yes; also ends a suspension, or takes a refusal back. Writes WorkerApproved.

    Refuses NotFound, WrongWorkerState. Approving an account that staff approved already writes nothing.
    """
    return _review(by=by, worker_id=worker_id, move="approve", event="WorkerApproved", reason=reason, now=now)


def refuse_worker(*, by: Actor, worker_id: str, reason: str, now: datetime) -> Worker:
    """Staff looked and said no, with a reason that the person reads. Writes WorkerRefused.

    Refuses ReasonNeeded, NotFound, WrongWorkerState: also of whom a colleague approved, who can be suspended.
    """
    _need(reason)
    return _review(by=by, worker_id=worker_id, move="refuse", event="WorkerRefused", reason=reason, now=now)


def suspend_worker(*, by: Actor, worker_id: str, reason: str, now: datetime) -> Worker:
    """Stop an active worker from taking tasks; earnings stay theirs. Writes WorkerSuspended.

    Refuses ReasonNeeded, NotFound, WrongWorkerState.
    """
    _need(reason)
    return _review(
        by=by, worker_id=worker_id, move="suspend", event="WorkerSuspended", reason=reason, now=now
    )


def change_review_mode(*, by: Actor, mode: ReviewMode, now: datetime) -> None:
    """Choose whether staff look before the first task or after. Writes JoiningPolicyChanged."""
    with transaction.atomic():
        policy, _ = JoiningPolicy.objects.select_for_update().get_or_create(id=1)
        if policy.review_mode == mode:
            return
        facts = {"from": policy.review_mode, "to": str(mode)}
        policy.review_mode = mode
        policy.save()
        record(name="JoiningPolicyChanged", actor=by, subject="joining", at=now, facts=facts)


def change_aliases(*, by: Actor, given: bool, now: datetime) -> None:
    """Choose whether requesters who join from now on see workers under ids of their own; those who are here
    keep the ids that they know. Writes JoiningPolicyChanged."""
    with transaction.atomic():
        policy, _ = JoiningPolicy.objects.select_for_update().get_or_create(id=1)
        if policy.aliases == given:
            return
        policy.aliases = given
        policy.save()
        record(name="JoiningPolicyChanged", actor=by, subject="joining", at=now, facts={"aliases": given})


def gives_aliases() -> bool:
    """The operator's choice; yes until someone chooses."""
    policy = JoiningPolicy.objects.filter(id=1).first()
    return policy.aliases if policy else True


@transaction.atomic
def change_payout_proofs(*, by: Actor, proofs: Sequence[PayoutProof], now: datetime) -> None:
    """Choose what is proved before a first withdrawal. A new choice writes PayoutProofsChanged."""
    JoiningPolicy.objects.bulk_create([JoiningPolicy(id=1)], ignore_conflicts=True)
    policy = JoiningPolicy.objects.select_for_update().get(id=1)
    chosen = sorted({str(proof) for proof in proofs})
    if chosen == sorted(policy.payout_proofs):
        return
    was, policy.payout_proofs = policy.payout_proofs, chosen
    policy.save(update_fields=["payout_proofs"])
    record(
        name="PayoutProofsChanged",
        actor=by,
        subject="joining_policy",
        at=now,
        facts={"before": was, "after": chosen},
    )


def review_mode() -> ReviewMode:
    """The operator's choice; ``after`` until someone chooses."""
    policy = JoiningPolicy.objects.filter(id=1).first()
    return ReviewMode(policy.review_mode) if policy else ReviewMode.AFTER


def _need(reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded


def _review(*, by: Actor, worker_id: str, move: str, event: str, reason: str, now: datetime) -> Worker:
    with transaction.atomic():
        worker = Worker.objects.select_for_update().filter(public_id=worker_id).first()
        if worker is None:
            raise NotFound(worker_id=worker_id)
        state = next_worker_state(worker.state, move)
        if state is None:
            raise WrongWorkerState(state=worker.state)
        looked_at = worker.reviewed_at is not None
        if state == worker.state and looked_at:
            return worker
        if move == "refuse" and worker.state == WorkerState.ACTIVE and looked_at:
            raise WrongWorkerState(state=worker.state)
        was = worker.state
        worker.state, worker.review_reason = WorkerState(state), reason.strip()
        worker.reviewed_at, worker.reviewed_by = now, str(by)
        worker.save(update_fields=["state", "review_reason", "reviewed_at", "reviewed_by"])
        record(
            name=event,
            actor=by,
            subject=worker.public_id,
            at=now,
            facts={"from": was, "reason": worker.review_reason},
        )
    return worker

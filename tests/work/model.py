"""The market as plain Python: what the SQL functions must do, said once more in the simplest way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tukro.work.rules import (
    APPEAL_DAYS,
    GRACE_SECONDS,
    OVERTURN_DAYS,
    QUEUE_LIMIT,
    REVISION_SECONDS,
    REVISIONS_AT_MOST,
    STATES,
    State,
    after,
)

GRACE = timedelta(seconds=GRACE_SECONDS)
OCCUPYING: frozenset[State] = frozenset(STATES) - {"returned", "abandoned"}


class No(Exception):
    """A refusal, by the name of its class."""


@dataclass
class Try:
    """An assignment."""

    worker: str
    task: str
    state: State
    deadline_at: datetime
    extended: int = 0
    sent_back: int = 0
    submitted_at: datetime | None = None
    auto_approve_at: datetime | None = None
    release_at: datetime | None = None
    released: bool = False

    def is_late(self, now: datetime) -> bool:
        return self.state in ("accepted", "revising") and self.deadline_at + GRACE < now


@dataclass
class Job:
    """A task."""

    places: int  # that are in its lanes now
    expires_at: datetime
    closed: bool = False


@dataclass
class Market:
    """One requester, one task type."""

    price: int
    reward: int
    available: int  # the requester's balance
    duration: timedelta
    review_time: timedelta
    extensions: int = 0
    more_time: timedelta = timedelta()
    jobs: dict[str, Job] = field(default_factory=dict)
    tries: dict[str, Try] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)  # to workers

    def occupied(self, task: str) -> int:
        return sum(1 for one in self.tries.values() if one.task == task and one.state in OCCUPYING)

    def has(self, worker: str, task: str) -> bool:
        return any(
            one.worker == worker and one.task == task and one.state in OCCUPYING
            for one in self.tries.values()
        )

    def held(self) -> int:
        """What must lie in the lanes' holds."""
        settled = sum(1 for one in self.tries.values() if one.state == "approved" or one.released)
        return self.price * (sum(job.places for job in self.jobs.values()) - settled)

    # --- workers ---

    def may_take(self, worker: str, now: datetime) -> set[str]:
        return {
            name
            for name, job in self.jobs.items()
            if not job.closed
            and job.expires_at > now
            and self.occupied(name) < job.places
            and not self.has(worker, name)
        }

    def accept_next(self, worker: str, now: datetime, *, in_place_of: Try | None = None) -> set[str]:
        """The tasks of which one is given."""
        self._queue(worker, now, in_place_of)
        if not self.may_take(worker, now) and any(one.is_late(now) for one in self.tries.values()):
            self.expire_late(now)
            self._queue(worker, now, in_place_of)
        if not (tasks := self.may_take(worker, now)):
            raise No("NothingLeft")
        return tasks

    def accept_task(self, worker: str, task: str, now: datetime) -> None:
        self._queue(worker, now)
        job = self.jobs[task]
        if job.closed or job.expires_at <= now:
            raise No("TaskClosed")
        if self.has(worker, task):
            raise No("AlreadyDone")
        full = self.occupied(task) >= job.places
        if full and any(one.is_late(now) for one in self.tries.values() if one.task == task):
            self.expire_late(now)
        if self.occupied(task) >= job.places:
            raise No("NothingLeft")

    def took(self, name: str, worker: str, task: str, now: datetime) -> None:
        self.tries[name] = Try(worker, task, "accepted", now + self.duration)

    def submit(self, name: str, worker: str, now: datetime) -> None:
        one = self._own(name, worker)
        if after(one.state, "submit") is None:
            raise No("WrongState")
        if one.deadline_at + GRACE < now:
            raise No("TooLate")
        one.state, one.submitted_at = "submitted", now
        one.auto_approve_at = now + self.review_time
        if not self.review_time:
            self._pay(one)

    def give_back(self, name: str, worker: str, now: datetime) -> bool:
        """Whether it was a repair, whose answer stands."""
        one = self._own(name, worker)
        if after(one.state, "give_back") is None:
            raise No("WrongState")
        if one.state == "revising":
            self._stands(one, now)
            return True
        one.state = "returned"
        self._place_is_free(one)
        return False

    def extend(self, name: str, worker: str, now: datetime) -> datetime:
        one = self._own(name, worker)
        self._in_hand(one, now)
        if one.extended >= self.extensions:
            raise No("NoMoreTime")
        one.extended += 1
        one.deadline_at += self.more_time
        return one.deadline_at

    def skip(self, name: str, worker: str, now: datetime) -> set[str]:
        """The tasks of which one is given; the skipped one is given back when it was taken."""
        one = self._own(name, worker)
        self._in_hand(one, now)
        if one.state != "accepted":
            raise No("WrongState")
        try:
            return self.accept_next(worker, now, in_place_of=one)
        except No as no:
            raise No("NothingElse") if str(no) == "NothingLeft" else no from None

    # --- the requester ---

    def approve(self, name: str, now: datetime, *, override: bool) -> bool:
        one = self.tries[name]
        if one.state == "approved":
            return False
        if one.state == "rejected" and override:
            assert one.submitted_at is not None
            if one.submitted_at + timedelta(days=OVERTURN_DAYS) < now:
                raise No("TooLate")
            if one.released:
                if self.available < self.price:
                    raise No("InsufficientFunds")
                self.available -= self.price
        elif one.state != "submitted":
            raise No("WrongState")
        # At this very moment silence may have approved it already: then it is paid, and not by this call.
        waits = one.state == "submitted"
        by_silence = waits and one.auto_approve_at is not None and one.auto_approve_at <= now
        self._pay(one)
        return not by_silence

    def approve_many(self, names: list[str]) -> int:
        waiting = [one for name in names if (one := self.tries[name]).state == "submitted"]
        for one in waiting:
            self._pay(one)
        return len(waiting)

    def reject(self, names: list[str], now: datetime, *, reopen: bool) -> None:
        ones = [self.tries[name] for name in names]
        if any(one.state != "submitted" for one in ones):
            raise No("WrongState")
        if any(one.auto_approve_at is not None and one.auto_approve_at <= now for one in ones):
            raise No("TooLate")
        growing = [
            self.jobs[one.task]
            for one in ones
            if reopen and not self.jobs[one.task].closed and self.jobs[one.task].expires_at > now
        ]
        if len(growing) * self.price > self.available:
            raise No("InsufficientFunds")
        self.available -= len(growing) * self.price
        for job in growing:
            job.places += 1
        for one in ones:
            one.state, one.release_at = "rejected", now + timedelta(days=APPEAL_DAYS)

    def ask_revision(self, name: str, now: datetime) -> None:
        one = self.tries[name]
        if one.state != "submitted":
            raise No("WrongState")
        assert one.auto_approve_at is not None
        if one.auto_approve_at <= now:
            raise No("TooLate")
        if one.sent_back >= REVISIONS_AT_MOST:
            raise No("TooManyRepairs")
        one.state = "revising"
        one.sent_back += 1
        one.deadline_at = now + max(self.duration, timedelta(seconds=REVISION_SECONDS))

    # --- time ---

    def expire_late(self, now: datetime) -> int:
        late = [one for one in self.tries.values() if one.is_late(now)]
        for one in late:
            if one.state == "revising":
                self._stands(one, now)
            else:
                one.state = "abandoned"
                self._place_is_free(one)
        return len(late)

    def auto_approve(self, now: datetime) -> int:
        due = [
            one
            for one in self.tries.values()
            if one.state == "submitted" and one.auto_approve_at is not None and one.auto_approve_at <= now
        ]
        for one in due:
            self._pay(one)
        return len(due)

    def close_expired(self, now: datetime) -> int:
        due = [name for name, job in self.jobs.items() if not job.closed and job.expires_at <= now]
        for name in due:
            job = self.jobs[name]
            job.closed = True
            self.available += self.price * (job.places - self.occupied(name))
            job.places = self.occupied(name)
        return len(due)

    def release(self, now: datetime) -> int:
        due = [
            one
            for one in self.tries.values()
            if one.state == "rejected"
            and not one.released
            and one.release_at is not None
            and one.release_at <= now
        ]
        for one in due:
            one.released = True
            self.available += self.price
        return len(due)

    def _queue(self, worker: str, now: datetime, but: Try | None = None) -> None:
        live = [
            one
            for one in self.tries.values()
            if one is not but
            and one.worker == worker
            and one.state in ("accepted", "revising")
            and one.deadline_at > now
        ]
        if len(live) >= QUEUE_LIMIT:
            raise No("QueueFull")

    def _in_hand(self, one: Try, now: datetime) -> None:
        if one.state not in ("accepted", "revising"):
            raise No("WrongState")
        if one.deadline_at + GRACE < now:
            raise No("TooLate")

    def _own(self, name: str, worker: str) -> Try:
        one = self.tries[name]
        if one.worker != worker:
            raise No("NotFound")
        return one

    def _place_is_free(self, one: Try) -> None:
        job = self.jobs[one.task]
        if job.closed:
            job.places -= 1
            self.available += self.price

    def _stands(self, one: Try, now: datetime) -> None:
        one.state, one.deadline_at = "submitted", min(one.deadline_at, now)
        one.auto_approve_at = now + self.review_time

    def _pay(self, one: Try) -> None:
        one.state = "approved"
        self.paid[one.worker] = self.paid.get(one.worker, 0) + self.reward

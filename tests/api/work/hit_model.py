"""A requester's HITs as plain Python: what mturk-api 4 and 5 say, once more, in the simplest way."""

from __future__ import annotations

from dataclasses import dataclass, field

LIVING = "Assignable, Unassignable, Reviewable, Reviewing"


class No(Exception):
    """An error of the wire, by its code."""


@dataclass
class Hit:
    """One HIT; amounts are in cents, for one place with its fee."""

    price: int
    places: int
    funded: int  # places whose money is set aside or spent
    type_id: str
    ended: bool = False
    looked_through: bool = False
    disposed: bool = False
    tries: dict[str, str] = field(default_factory=dict)  # assignment -> state
    workers: dict[str, str] = field(default_factory=dict)  # assignment -> worker

    def count(self, *states: str) -> int:
        return sum(1 for state in self.tries.values() if state in states)

    @property
    def pending(self) -> int:
        return self.count("accepted")

    @property
    def completed(self) -> int:
        return self.count("approved", "rejected")

    @property
    def taken(self) -> int:
        return self.pending + self.completed + self.count("submitted")

    @property
    def status(self) -> str:
        if self.disposed:
            return "Disposed"
        if not self.ended and self.taken < self.places:
            return "Assignable"
        if self.pending:
            return "Unassignable"
        return "Reviewing" if self.looked_through else "Reviewable"

    @property
    def counters(self) -> tuple[str, int, int, int, int]:
        free = self.places - self.taken if self.status == "Assignable" else 0
        return self.status, self.places, free, self.pending, self.completed


@dataclass
class Market:
    available: int
    hits: dict[str, Hit] = field(default_factory=dict)

    def create(self, places: int, price: int) -> None:
        self._need(places * price)

    def created(self, hit_id: str, places: int, price: int, type_id: str) -> None:
        self.available -= places * price
        self.hits[hit_id] = Hit(price, places, places, type_id)

    def accept(self, hit_id: str, worker: str) -> None:
        hit = self.hits[hit_id]
        if hit.ended or hit.disposed:
            raise No("TaskClosed")
        if any(hit.tries[one] != "returned" for one, who in hit.workers.items() if who == worker):
            raise No("AlreadyDone")
        if hit.taken >= hit.places:
            raise No("NothingLeft")

    def accepted(self, hit_id: str, worker: str, assignment_id: str) -> None:
        self.hits[hit_id].tries[assignment_id] = "accepted"
        self.hits[hit_id].workers[assignment_id] = worker

    def submit(self, hit_id: str, assignment_id: str) -> None:
        self._move(hit_id, assignment_id, "accepted", "submitted")

    def give_back(self, hit_id: str, assignment_id: str) -> None:
        self._move(hit_id, assignment_id, "accepted", "returned")
        hit = self.hits[hit_id]
        if hit.ended:
            hit.funded -= 1
            self.available += hit.price

    def approve(self, hit_id: str, assignment_id: str) -> None:
        self._move(hit_id, assignment_id, "submitted", "approved")

    def reject(self, hit_id: str, assignment_id: str) -> None:
        self._move(hit_id, assignment_id, "submitted", "rejected")

    def end(self, hit_id: str) -> None:
        hit = self._living(hit_id)
        if not hit.ended:
            self.available += (hit.funded - hit.taken) * hit.price
            hit.ended, hit.funded = True, hit.taken

    def go_on(self, hit_id: str) -> None:
        hit = self._living(hit_id)
        self._fund(hit, hit.places)
        hit.ended = False

    def add(self, hit_id: str, places: int) -> None:
        hit = self._living(hit_id)
        if hit.places < 10 <= hit.places + places:
            raise No("InvalidMaximumAssignmentsIncrease")
        if not hit.ended:
            self._fund(hit, hit.places + places)
        hit.places += places

    def look_through(self, hit_id: str, *, revert: bool) -> None:
        hit = self.hits[hit_id]
        if hit.status != ("Reviewing" if revert else "Reviewable"):
            raise No("InvalidHITState")
        hit.looked_through = not revert

    def delete(self, hit_id: str) -> None:
        hit = self.hits[hit_id]
        if hit.status not in ("Reviewable", "Reviewing") or hit.count("submitted"):
            raise No("InvalidHITState")
        hit.disposed = hit.ended = True

    def retype(self, hit_id: str, price: int, type_id: str) -> None:
        hit = self._living(hit_id)
        if hit.taken:
            raise No("InvalidHITState")
        more = hit.funded * (price - hit.price)
        self._need(more)
        self.available -= more
        hit.price, hit.type_id = price, type_id

    def _living(self, hit_id: str) -> Hit:
        hit = self.hits[hit_id]
        if hit.disposed:
            raise No("InvalidHITState")
        return hit

    def _fund(self, hit: Hit, places: int) -> None:
        cost = (places - hit.funded) * hit.price
        self._need(cost)
        self.available -= cost
        hit.funded = places
        if hit.taken < places:
            hit.looked_through = False

    def _need(self, cost: int) -> None:
        if cost > self.available:
            raise No("InsufficientFunds")

    def _move(self, hit_id: str, assignment_id: str, before: str, after: str) -> None:
        hit = self.hits[hit_id]
        if hit.tries[assignment_id] != before:
            raise No("WrongState")
        hit.tries[assignment_id] = after

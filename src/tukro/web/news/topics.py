"""The topics of the news: what is compared, and the words in JSON that a change is told in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tukro.kernel.formats import iso
from tukro.kernel.money import Money
from tukro.web.worker.data.as_json import money, state_name
from tukro.work.queries.heard import Drawn, InHand, Opening

Data = dict[str, Any]
LIST: Final = "list"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Facts:
    """How things stand for one worker, one field for each topic but the open list's."""

    queue: tuple[InHand, ...]
    draws: tuple[Drawn, ...]
    notices: int  # unread
    messages: int  # conversations with something unread
    earnings: int  # micro-dollars that can be withdrawn
    payouts: tuple[tuple[str, str, int], ...]  # the latest: public id, state, micro-dollars


@dataclass(frozen=True, slots=True)
class Told:
    """A group that came to a worker's open list, and whether they may take its tasks."""

    group: Opening
    qualified: bool


TOPICS: dict[str, Callable[[Facts], Data]] = {
    "queue": lambda facts: {
        "tasks": [_in_hand(one) for one in facts.queue],
        "num_results": len(facts.queue),
    },
    "draws": lambda facts: {"wishes": [_drawn(one) for one in facts.draws]},
    "notices": lambda facts: {"unread": facts.notices},
    "messages": lambda facts: {"unread": facts.messages},
    "earnings": lambda facts: {"available_earnings": money(Money(facts.earnings))},
    "payouts": lambda facts: {
        "payouts": [
            {"payout_id": payout_id, "state": state.capitalize(), "amount": money(Money(amount))}
            for payout_id, state, amount in facts.payouts
        ]
    },
}


def mark_of(facts: Facts, topic: str) -> str:
    """Tells one state of a topic from another: so much of it stands in an event's id."""
    return hashlib.blake2b(repr(getattr(facts, topic)).encode(), digest_size=5).hexdigest()


def changed(before: Facts, now: Facts) -> list[str]:
    """The topics of which there is something new to tell."""
    return [topic for topic in TOPICS if getattr(before, topic) != getattr(now, topic)]


def list_data(groups: list[Told], *, newest: int, open_groups: int) -> Data:
    """``newest``: microseconds, as in an event's id."""
    return {
        "new": len(groups),
        "groups": [_group(one) for one in groups],
        "newest": iso(at(newest)) if newest else None,
        "open": open_groups,
    }


def micros(when: datetime) -> int:
    return (when - _EPOCH) // timedelta(microseconds=1)


def at(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _group(told: Told) -> Data:
    group = told.group
    return {
        "hit_set_id": group.group_id,
        "title": group.title,
        "requester_id": group.requester_id,
        "requester_name": group.requester_name,
        "monetary_reward": money(group.reward),
        "assignable_hits_count": group.open_tasks,
        "last_updated_time": iso(group.listed_at),
        "caller_meets_requirements": told.qualified,
        "drawn_by_lot_at": iso(group.draw_at) if group.draw_at else None,
    }


def _in_hand(one: InHand) -> Data:
    return {
        "assignment_id": one.assignment_id,
        "task_id": one.task_id,
        "hit_set_id": one.group_id,
        "state": state_name(one.state),
        "deadline": iso(one.deadline_at),
    }


def _drawn(one: Drawn) -> Data:
    return {
        "hit_set_id": one.group_id,
        "caller_wish": one.state,
        "assignment_id": one.assignment_id or None,
    }

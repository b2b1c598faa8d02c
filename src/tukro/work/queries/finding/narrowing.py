"""What narrows the open list: each condition of its SQL, beside what the condition is given.

They stand in the order in which they are sent; the same filters always make the same statement. ``l`` is the
listing, ``had`` what the worker has had of its group, ``marks`` what the worker marked. A value in a select
of its own is one that a plan must not depend on (open_list.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tukro.money.providers.deposits import play_money_is_offered
from tukro.people.models import Worker
from tukro.qualifications.actions.eligibility import Eligible
from tukro.work.queries.finding.group_rows import FOR_GROUP
from tukro.work.queries.finding.wanted import Wanted
from tukro.work.rules import HOURLY_SAMPLE

Condition = tuple[str, dict[str, Any]]

_LARGEST_INT = 2**31 - 1

# Nothing is free in the group that the worker has not had.
ALL_DONE = """(had.tasks > 0 and had.tasks >= l.open_tasks and not exists (
         select from work_lane n where n.task_type_id = l.task_type_id and n.is_open
            and (select true from work_assignment a
                  where a.task_id = n.task_id and a.worker_id = %(worker)s
                    and not a.state in ('returned', 'abandoned') limit 1) is not true))"""

# The arrays are made once per page. A case, because the planner sees through the bare condition: where a
# house has few requesters it would expect that hardly a row is left, and sort all before it takes a page.
_MARKED = """case when l.requester_id = any(array(select m.requester_id from marks m
                     where m.liking = '{liking}' and m.requester_id is not null))
            or l.task_type_id = any(array(select m.task_type_id from marks m
                     where m.liking = '{liking}' and m.task_type_id is not null))
           then {yes} else not {yes} end"""

# The requester ``whose`` is the worker's own person: read once. A case, for the reason of _MARKED.
OWN = """case when {whose} = (
             select r.id from people_worker p join people_requester r on r.user_id = p.user_id
              where p.id = %(worker)s) then true else false end"""

_HIDDEN_FROM_NOBODY = (
    "not exists (select from qualifications_setrequirement q"
    " where q.set_id = l.requirement_set_id and q.guard >= 3)"
)


def is_there(
    worker: Worker | None, eligible: Eligible, now: datetime, *, done_too: bool
) -> Iterator[Condition]:
    """What this worker may find at all, and still has something to do in."""
    yield "l.is_open", {}
    yield "l.expires_at > %(now)s", {"now": now}
    if eligible.no_discover:
        yield "l.requirement_set_id <> all(%(hidden)s)", {"hidden": eligible.no_discover}
    if worker is None:  # a stranger's facts are not known, so what is hidden from somebody is hidden here
        yield _HIDDEN_FROM_NOBODY, {}
        return
    if not done_too:
        yield f"not {ALL_DONE}", {}
    if not own_tasks_allowed():
        yield f"not {OWN.format(whose='l.requester_id')}", {}


def own_tasks_allowed() -> bool:
    """Whether a person may do what they themselves post: to try it out, where money is play money."""
    return play_money_is_offered()


def suits(wanted: Wanted) -> Iterator[Condition]:
    """What the work is like: its pay, kind, length and language, whom it is for, whether it is liked."""
    if wanted.qualified_only:
        yield "l.requirement_set_id = any((select %(sets)s::bigint[])::bigint[])", {}
    if wanted.min_reward:
        yield "l.reward >= %(min_reward)s", {"min_reward": wanted.min_reward.units}
    if wanted.category:
        yield "l.category = (select %(category)s)", {"category": wanted.category}
    if wanted.min_hourly:
        given = {"min_hourly": wanted.min_hourly.units, "enough": HOURLY_SAMPLE}
        yield "l.hourly >= %(min_hourly)s and l.hourly_sample >= %(enough)s", given
    if wanted.longest:
        yield "l.takes_seconds <= %(longest)s", {"longest": min(wanted.longest, _LARGEST_INT)}
    if wanted.language:
        yield "l.language = (select %(language)s)", {"language": wanted.language}
    if wanted.on_phone:
        yield "l.on_phone", {}
    if wanted.favourites:
        yield _MARKED.format(liking="favourite", yes=True), {}
    if wanted.for_groups:
        yield FOR_GROUP.format(set_id="l.requirement_set_id"), {}


def not_hidden() -> Iterator[Condition]:
    """Not what the worker marked as hidden, by the group or by its requester."""
    yield _MARKED.format(liking="hidden", yes=False), {}


def since(moment: datetime) -> Iterator[Condition]:
    yield "l.listed_at > %(listed_since)s", {"listed_since": moment}


def is_of(wanted: Wanted) -> Iterator[Condition]:
    """Whose work it is."""
    if wanted.requester_id:
        whose = "l.requester_id = (select id from people_requester where public_id = %(requester)s)"
        yield whose, {"requester": wanted.requester_id}

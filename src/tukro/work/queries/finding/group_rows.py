"""A group as workers see it, by the same columns in a list and on its own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tukro.kernel.money import Money
from tukro.work.rules import HOURLY_SAMPLE


class GroupRow(NamedTuple):
    """What a worker is told of a group before starting. A tuple, as a page makes and compares many."""

    group_id: str
    title: str
    description: str
    keywords: str
    category: str
    requester_id: str
    requester_name: str
    created_at: datetime
    reward: Money
    duration_seconds: int
    estimate_seconds: int | None
    auto_approve_seconds: int
    listed_at: datetime
    expires_at: datetime
    open_tasks: int  # as counted a short time ago
    open_places: int
    hourly: Money | None  # measured pay per hour, the median; None = too few measurements
    hourly_low: Money | None  # a quarter of the answers brought less than this an hour
    hourly_high: Money | None  # and a quarter more than this
    hourly_sample: int  # answers that were measured
    takes_seconds: int | None  # measured, or what the requester says
    language: str  # that the terms are written in: bn, en or '' (neither)
    on_phone: bool  # can be done on a phone
    requirement_set_id: int
    approval: float | None  # share of decided work that the requester approved; None = too few decisions
    wait_median: int | None  # seconds that the requester's decisions took; None = too few
    draw_at: datetime | None  # few places: nobody accepts before lots are drawn
    wish: str  # the worker's in the latest draw: waiting, won, lost or ''
    won: str  # the assignment that the worker won in it
    liking: str  # favourite, hidden or '': what the worker marked it, or its requester, as
    qualified: bool
    previewable: bool  # may be looked at before it is accepted
    mine: int  # tasks of the group that the worker has or had
    all_done: bool  # nothing is free in it that the worker has not had
    for_group: bool  # only a hire group of its requester may take it
    extensions: int  # times that a worker may take more time
    extension_seconds: int  # and how much each time


# Whether only a hire group of its requester may take a group of tasks: what qualifications_is_for_group says,
# written so that PostgreSQL plans it with the rest. A call for each row costs a third of the page.
FOR_GROUP = """exists (
  select from qualifications_setrequirement q
    join qualifications_qualificationtype t on t.public_id = q.type_id
   where q.set_id = {set_id} and t.kind = 'group')"""

_SHOWN = """
with marks as materialized (
  select m.liking, m.requester_id, m.task_type_id from work_mark m where m.worker_id = %(worker)s
), page as ({page})
select y.group_id, y.title, y.description, y.keywords, y.category_id, r.public_id, r.name,
       y.created_at, y.reward,
       y.duration_seconds, y.estimate_seconds, y.auto_approve_seconds, page.listed_at, page.expires_at,
       page.open_tasks, page.open_places, page.hourly, page.hourly_low, page.hourly_high, page.hourly_sample,
       page.takes_seconds, page.language, page.on_phone, page.requirement_set_id,
       (select min(m.liking) from marks m
         where m.requester_id = page.requester_id or m.task_type_id = page.task_type_id),
       case when c.approved + c.rejected - c.overturned >= %(decided)s
            then c.approved::float / (c.approved + c.rejected - c.overturned) end, c.wait_median,
       y.draw_at, w.state, w.assignment_id,
       page.requirement_set_id = any(%(sets)s), page.requirement_set_id <> all(%(unseen)s::bigint[]),
       page.mine, page.all_done, {for_group},
       y.extensions, y.extension_seconds, {more}
  from page
  join work_tasktype y on y.id = page.task_type_id
  join people_requester r on r.id = page.requester_id
  left join work_wish w on w.worker_id = %(worker)s and w.task_type_id = page.task_type_id
  left join work_conduct c on c.requester_id = page.requester_id
"""

# Beside a listing ``l``: what the worker has or had of the group.
HAD = """
   cross join lateral (
         select count(*) as tasks from work_assignment a
          where a.worker_id = %(worker)s and a.task_type_id = l.task_type_id
            and not a.state in ('returned', 'abandoned')) had
"""

# Until when the worker takes no new work but that of hire groups; null when nothing holds it up.
PAUSED = "(select p.paused_until from people_worker p where p.id = %(worker)s and p.paused_until > %(now)s)"


def shown(page: str, *, more: str) -> str:
    """The statement of rows: ``row_of`` reads them.

    ``page`` picks listings, and says with each how many of its tasks the worker had (``mine``) and whether
    nothing else is free in it (``all_done``). ``more``: columns behind those that make a row.
    """
    return _SHOWN.format(page=page, more=more, for_group=FOR_GROUP.format(set_id="page.requirement_set_id"))


def row_of(columns: Sequence[Any]) -> GroupRow:
    """The row that ``shown`` answered; columns behind its own are left alone."""
    (group_id, title, description, keywords, category, requester_id, requester_name, *more) = columns
    (created_at, reward, duration, estimate, auto_approve, listed_at, expires_at, tasks, places, *more) = more
    (hourly, low, high, sample, takes, language, on_phone, asks, liking, *more) = more
    (approval, wait_median, draw_at, wish, won, qualified, previewable, mine, all_done, for_group, *more) = (
        more
    )
    (extensions, extension_seconds, *_) = more
    return GroupRow(
        group_id=group_id,
        title=title,
        description=description,
        keywords=keywords,
        category=category,
        requester_id=requester_id,
        requester_name=requester_name,
        created_at=created_at,
        reward=Money(reward),
        duration_seconds=duration,
        estimate_seconds=estimate,
        auto_approve_seconds=auto_approve,
        listed_at=listed_at,
        expires_at=expires_at,
        open_tasks=tasks,
        open_places=places,
        hourly=Money(hourly) if sample >= HOURLY_SAMPLE else None,
        hourly_low=Money(low) if sample >= HOURLY_SAMPLE else None,
        hourly_high=Money(high) if sample >= HOURLY_SAMPLE else None,
        hourly_sample=sample,
        takes_seconds=takes,
        language=language,
        on_phone=on_phone,
        requirement_set_id=asks,
        approval=approval,
        wait_median=wait_median,
        liking=liking or "",
        draw_at=draw_at,
        wish=wish or "",
        won=won or "",
        qualified=qualified,
        previewable=previewable,
        mine=mine,
        all_done=all_done,
        for_group=for_group,
        extensions=extensions,
        extension_seconds=extension_seconds,
    )

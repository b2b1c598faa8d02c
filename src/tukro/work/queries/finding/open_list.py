"""The open list: groups with work to take, searched, sorted and filtered, page by page.

The cost of a page does not grow with the number of open tasks: groups have one row each (``Listing``), every
sort has its index, and whether a group still has a free place is one look into a partial index.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from tukro.kernel.ids import looks_like_id
from tukro.kernel.search import words_query
from tukro.people.models import Worker
from tukro.people.queries.visiting import run
from tukro.qualifications.actions.eligibility import Eligible, eligibility_of
from tukro.work.queries.finding.group_rows import HAD, PAUSED, GroupRow, row_of, shown
from tukro.work.queries.finding.narrowing import (
    ALL_DONE,
    Condition,
    is_of,
    is_there,
    not_hidden,
    since,
    suits,
)
from tukro.work.queries.finding.wanted import EVERYTHING, Wanted
from tukro.work.rules import CONDUCT_SAMPLE, SORTS

LARGEST_PAGE = 100
_SIZES = (20, 50, LARGEST_PAGE)  # rows that are read for a page, so that few statements are made
SKIP_AT_MOST = 1000  # skipped rows are read, so pages by number end here; the cursor goes on

_EVERYBODY = Eligible(accept=[1], no_preview=[], no_discover=[])  # set 1 asks nothing

# What each sort goes by, with the column's type.
_KEYS = {
    "updated": ("listed_at", "timestamptz"),
    "reward": ("reward", "bigint"),
    "num_hits": ("open_tasks", "int"),
    "hourly": ("hourly", "bigint"),
}

_PAGE = """
  select l.*, had.tasks as mine, {done} as all_done
    from {listings} {had}
   where {where}
     and not exists (select from qualifications_block b
                      where b.worker_id = %(worker)s and b.requester_id = l.requester_id)
     and exists (select from work_lane n where n.task_type_id = l.task_type_id and n.is_open)
   order by l.{key} {direction}, l.task_type_id {direction} limit {limit} {skip}
"""
# With words that are looked for: all that have them, found by their index and put in order at once, so that
# what costs more is asked of no more of them than the page needs.
_WITH_WORDS = """(
    select * from work_listing l where l.is_open and l.words @@ to_tsquery('simple', %(words)s)
     order by l.{key} {direction}, l.task_type_id {direction} offset 0) l"""
_ORDER = " order by page.{key} {direction}, page.task_type_id {direction}"


@dataclass(frozen=True, slots=True)
class GroupPage:
    rows: list[GroupRow]
    next_cursor: str  # "" = that was all
    paused_until: datetime | None = None  # until then the worker takes no new work but that of hire groups


def open_groups(
    worker: Worker | None,
    *,
    now: datetime,
    wanted: Wanted = EVERYTHING,
    sort: str = "updated_desc",
    done_too: bool = False,
    hidden_too: bool = False,
    listed_since: datetime | None = None,
    after: str = "",
    skip: int = 0,
    limit: int = 20,
) -> GroupPage:
    """One page of groups with free places; those of requesters who blocked the worker are left out.
    So is what the worker's own person posted, where money is real.

    So are groups in which nothing is left for the worker, unless ``done_too``, and those that the worker
    marked as hidden, unless ``hidden_too``. A stranger (no worker) sees what is hidden from nobody.

    An unknown sort is the newest first, a bad cursor the first page. ``skip``: rows before the page, for
    those who count pages by number; ``after`` costs the same however far it goes.
    """
    sort = sort if sort in SORTS else SORTS[0]
    limit = max(1, min(limit, LARGEST_PAGE))
    eligible = eligibility_of(worker=worker, now=now) if worker else _EVERYBODY
    conditions = [
        *is_there(worker, eligible, now, done_too=done_too),
        *suits(wanted),
        *(not_hidden() if worker and not hidden_too else ()),
        *(since(listed_since) if listed_since else ()),
        *is_of(wanted),
        *_behind(after, sort),
    ]
    given: dict[str, Any] = {
        "worker": worker.pk if worker else 0,
        "sets": eligible.accept,
        "unseen": eligible.no_preview,
        "decided": CONDUCT_SAMPLE,
        "skip": max(0, min(skip, SKIP_AT_MOST)),
        "words": words_query(wanted.search),
    }
    for _, its in conditions:
        given |= its
    where = " and ".join(condition for condition, _ in conditions)
    size = next(size for size in _SIZES if size >= limit)
    searches = bool(wanted.search.strip())
    statement = _statement(where, sort, size, done_too=done_too, skips=given["skip"] > 0, searches=searches)
    return _page(run(statement, given).fetchall(), sort, limit)


@lru_cache(200)
def _statement(where: str, sort: str, size: int, *, done_too: bool, skips: bool, searches: bool) -> str:
    """The page's statement. It says itself how many rows it wants, and is planned once for everybody.

    With a limit that is given beside it PostgreSQL cannot know, when it makes a plan for everybody, how few
    rows are wanted. It finds that plan dear and makes a new one for each page, which costs more than that.
    """
    key, direction = _key(sort)
    order = {"key": key, "direction": direction}
    page = _PAGE.format(
        listings=_WITH_WORDS.format(**order) if searches else "work_listing l",
        where=where,
        done=ALL_DONE if done_too else "false",  # else they are not there
        had=HAD,
        limit=size + 1,  # the row too many says that there is a next page
        skip="offset %(skip)s" if skips else "",
        **order,
    )
    return shown(page, more=f"{PAUSED}, page.{key}::text") + _ORDER.format(**order)


def _page(found: list[tuple[Any, ...]], sort: str, limit: int) -> GroupPage:
    last = found[limit - 1] if len(found) > limit else None
    next_cursor = _write_cursor(sort, last[-1], last[0]) if last else ""
    paused_until = found[0][-2] if found else None
    return GroupPage([row_of(columns) for columns in found[:limit]], next_cursor, paused_until)


def count_open(*, now: datetime) -> int:
    """Open groups in all, whoever may take them; counted to ``SKIP_AT_MOST`` and not further."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"now": now, "most": SKIP_AT_MOST})
        [count] = cursor.fetchone()
    return int(count)


_COUNT = """
select count(*) from (
  select from work_listing l where l.is_open and l.expires_at > %(now)s limit %(most)s) counted
"""


def questions_of(group_ids: list[str]) -> dict[str, tuple[str, str]]:
    """Kind of question and, for a proof form, its body, by group: that of the group's latest batch.

    A page of an html question may be large and says nothing about proof, so it stays where it is.
    """
    return {group_id: (kind, body) for group_id, kind, body in run(_QUESTIONS, [group_ids])}


_QUESTIONS = """
select y.group_id, q.kind, case when q.kind = 'proof' then q.body else '' end
  from work_tasktype y
 cross join lateral (
       select b.question_id from work_batch b where b.task_type_id = y.id order by b.id desc limit 1) b
  join work_question q on q.id = b.question_id
 where y.group_id = any(%s)
"""


def categories() -> list[str]:
    """Codes of the kinds of work that this house takes, in the house's order."""
    return [code for (code,) in run(_CATEGORIES, [])]  # on every page of the open list


_CATEGORIES = "select code from work_category where policy <> 'refused' order by position"


def _key(sort: str) -> tuple[str, str]:
    name, _, direction = sort.rpartition("_")
    return _KEYS[name][0], direction


def _behind(after: str, sort: str) -> Iterator[Condition]:
    """Only what comes behind the row that ``after`` names.

    Its value stands in a select, where a plan does not see it: the place in the list makes no other plan.
    """
    if place := _read_cursor(after, sort):
        name, _, direction = sort.rpartition("_")
        column, kind = _KEYS[name]
        sign = "<" if direction == "desc" else ">"
        mark = f"((select %(value)s::{kind}), (select id from work_tasktype where group_id = %(group)s))"
        value, group = place
        yield f"(l.{column}, l.task_type_id) {sign} {mark}", {"value": value, "group": group}


def _write_cursor(sort: str, value: str, group_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, value, group_id]).encode()).decode()


def _read_cursor(text: str, sort: str) -> tuple[str, str] | None:
    """Value and group of the last row that was shown; None for rubbish and for another sort's cursor."""
    try:
        of_sort, value, group_id = json.loads(base64.urlsafe_b64decode(text))
        good = _fits(sort.rpartition("_")[0], value)
    except (ValueError, TypeError):
        return None
    return (value, group_id) if of_sort == sort and good and looks_like_id(group_id) else None


def _fits(name: str, value: str) -> bool:
    if name == "updated":
        return datetime.fromisoformat(value).tzinfo is not None
    return 0 <= int(value) < (2**31 if name == "num_hits" else 2**63)

"""What MTurk's web site let requesters take along: batch results, the workers file, a project's HTML.

Only read here; what becomes of it is ``actions/moving.py``. Columns: mturk-sites 3.6 and 3.8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from tukro.campaigns.rules.faults import Fault, Unreadable
from tukro.campaigns.rules.tables import Row, open_table
from tukro.kernel.money import Money, NotMoney
from tukro.qualifications.rules.former import looks_like_former_id

_WORKER = "Worker ID"
_BOTH, _APPROVED = (
    "Number of HITs approved or rejected - Lifetime",
    "Number of HITs approved - Lifetime",
)
_NOW, _NEXT = "CURRENT", "UPDATE"
# With a hyphen in AWS's words, with a blank in files that were seen.
_BLOCK_COLUMNS = {f"{when}{joint}BlockStatus" for when in (_NOW, _NEXT) for joint in " -"}
_REVOKE = "revoke"
_BLOCKED = frozenset({"block", "blocked"})
_NO_REASON = "Blocked on Mechanical Turk"
_SECONDS = (1, 2**31 - 1)


@dataclass(slots=True)
class Known:
    """A worker as the files tell: scores by the name of the qualification."""

    former_id: str
    scores: dict[str, int] = field(default_factory=dict)
    block_reason: str = ""
    approved: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What the results of a batch say of its tasks; None where they say nothing."""

    title: str
    description: str
    keywords: str
    reward: Money
    places: int | None
    duration_seconds: int | None
    auto_approve_seconds: int | None
    lifetime_seconds: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """A batch result file: its terms (of the first line) and who worked."""

    terms: Terms
    workers: list[Known]


def read_workers(file: BinaryIO) -> list[Known]:
    """The workers file. What an UPDATE column says counts more than its CURRENT one. Raises Unreadable."""
    table = open_table(file, [_WORKER], foreign=True)
    names = sorted(
        {
            column.partition("-")[2]
            for column in table.columns
            if column.startswith((f"{_NOW}-", f"{_NEXT}-")) and column not in _BLOCK_COLUMNS
        }
    )
    with closing(table.rows()) as rows:  # a fault ends it early
        found = [_known(row, names) for row in rows]
    if table.faults.count:
        raise Unreadable(*table.faults.first)
    return [one for one in found if one.former_id]


def read_results(file: BinaryIO) -> Results:
    """A batch result file. Raises Unreadable."""
    needed = ["WorkerId", "AssignmentStatus", "Title", "Description", "Reward"]
    table = open_table(file, needed, foreign=True)
    terms: Terms | None = None
    approved: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    with closing(table.rows()) as rows:
        for row in rows:
            terms = terms or _terms(row)
            worker, status = _worker_id(row, "WorkerId"), row.values["AssignmentStatus"].strip()
            approved[worker] += status == "Approved"  # what waited for review was neither
            rejected[worker] += status == "Rejected"
    if table.faults.count or terms is None:
        raise Unreadable(*(table.faults.first or [Fault(0, "", "no_rows")]))
    workers = [
        Known(worker, approved=approved[worker], rejected=rejected[worker])
        for worker in sorted(approved)
        if worker
    ]
    return Results(terms, workers)


def together(*, results: Iterable[list[Known]], workers: Iterable[list[Known]]) -> list[Known]:
    """The same worker of several files as one. Batches add up; a workers file, which tells a whole life,
    counts where it tells more."""
    found: dict[str, Known] = {}
    for one in chain.from_iterable(results):
        kept = found.setdefault(one.former_id, Known(one.former_id))
        kept.approved += one.approved
        kept.rejected += one.rejected
    for one in chain.from_iterable(workers):
        kept = found.setdefault(one.former_id, Known(one.former_id))
        kept.scores |= one.scores
        kept.block_reason = one.block_reason or kept.block_reason
        kept.approved = max(kept.approved, one.approved)
        kept.rejected = max(kept.rejected, one.rejected)
    return [found[former_id] for former_id in sorted(found)]


def _known(row: Row, names: list[str]) -> Known:
    values = row.values
    approved, both = _count(values.get(_APPROVED)), _count(values.get(_BOTH))
    known = Known(_worker_id(row, _WORKER), approved=approved, rejected=max(both - approved, 0))
    for name in names:
        score = values.get(f"{_NEXT}-{name}", "").strip() or values.get(f"{_NOW}-{name}", "").strip()
        if score and score.lower() != _REVOKE:
            known.scores[name] = _score(row, name, score)
    if _block_status(values).lower() in _BLOCKED:
        known.block_reason = values.get("BlockReason", "").strip() or _NO_REASON
    return known


def _worker_id(row: Row, column: str) -> str:
    """The id in this column, or '' in a row of nobody. Raises Unreadable."""
    said = row.values[column].strip()
    if said and not looks_like_former_id(said):
        raise Unreadable(Fault(row.line, column, "not_a_worker_id", {"value": said[:40]}))
    return said


def _block_status(values: dict[str, str]) -> str:
    for when in (_NEXT, _NOW):
        for joint in " -":
            if said := values.get(f"{when}{joint}BlockStatus", "").strip():
                return said
    return ""


def _score(row: Row, name: str, score: str) -> int:
    if not score.isascii() or not score.removeprefix("-").isdigit() or len(score) > 10:
        raise Unreadable(Fault(row.line, name, "not_a_score", {"value": score[:40]}))
    return int(score)


def _count(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _terms(row: Row) -> Terms:
    values = row.values
    try:
        reward = Money.parse(values["Reward"].strip().removeprefix("$"))
    except NotMoney:
        raise Unreadable(Fault(row.line, "Reward", "not_money", {"value": values["Reward"][:40]})) from None
    return Terms(
        title=values["Title"],
        description=values["Description"],
        keywords=values.get("Keywords", ""),
        reward=reward,
        places=_number(values.get("MaxAssignments")),
        duration_seconds=_number(values.get("AssignmentDurationInSeconds")),
        auto_approve_seconds=_number(values.get("AutoApprovalDelayInSeconds")),
        lifetime_seconds=_number(values.get("LifetimeInSeconds")),
    )


def _number(text: str | None) -> int | None:
    """A plain number of the file; some files have whole sentences there (mturk-sites 3.6)."""
    text = (text or "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        return None
    return min(max(int(text), _SECONDS[0]), _SECONDS[1])

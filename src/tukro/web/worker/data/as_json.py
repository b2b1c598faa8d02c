"""The worker pages as data, in the shapes of the model's own worker site (mturk-sites 2.3 to 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tukro.kernel.formats import iso
from tukro.kernel.money import Money
from tukro.web.worker.data.addresses import address
from tukro.web.worker.data.asked_json import requirement
from tukro.work.actions.doing.assigning import Accepted, Submitted
from tukro.work.models import Question
from tukro.work.queries import (
    Asked,
    Day,
    GroupPage,
    GroupRow,
    HistoryPage,
    HistoryRow,
    Preview,
    Profile,
    QueueRow,
    Totals,
    WorkPage,
)

Data = dict[str, Any]


def groups(
    page: GroupPage, asked: Mapping[int, list[Asked]], *, number: int = 1, total: int | None = None
) -> Data:
    """The open list. ``next_cursor`` (send it as ``after``) goes on however far; numbers end at some page.

    ``total``: open groups in all, as far as they are counted; only for those who count pages.
    """
    requirements = _requirements(asked)
    return {
        "results": [_group(row, requirements) for row in page.rows],
        "num_results": len(page.rows),
        "next_cursor": page.next_cursor or None,
        "page_number": number,
        "total_num_results": total,
    }


def _requirements(asked: Mapping[int, list[Asked]]) -> dict[int, list[Data]]:
    """What each set asks, beside what the caller has: rows share sets."""
    return {set_id: [requirement(one) for one in its] for set_id, its in asked.items()}


def _group(row: GroupRow, requirements: Mapping[int, list[Data]]) -> Data:
    return {
        "hit_set_id": row.group_id,
        "title": row.title,
        "description": row.description,
        "keywords": row.keywords,
        "category": row.category,
        "requester_id": row.requester_id,
        "requester_name": row.requester_name,
        "requester_url": address("worker:requester_projects", row.requester_id),
        "assignable_hits_count": row.open_tasks,
        "open_places": row.open_places,
        "assignment_duration_in_seconds": row.duration_seconds,
        "estimated_duration_in_seconds": row.estimate_seconds,
        "creation_time": iso(row.created_at),
        "last_updated_time": iso(row.listed_at),
        "latest_expiration_time": iso(row.expires_at),
        "monetary_reward": money(row.reward),
        "measured_hourly_pay": _hourly(row),
        "language": row.language or None,
        "suits_phone": row.on_phone,
        "liking": row.liking or None,
        "drawn_by_lot_at": iso(row.draw_at) if row.draw_at else None,
        "caller_wish": row.wish or None,
        "requesterInfo": {
            "taskApprovalRate": row.approval,
            "taskReviewTime": row.wait_median,
        },
        "project_requirements": requirements.get(row.requirement_set_id, []),
        "caller_meets_requirements": row.qualified,
        "caller_meets_preview_requirements": row.previewable,
        "caller_has_done_all": row.all_done,
        "for_hire_group": row.for_group,
        "project_tasks_url": address("worker:preview", row.group_id),
        "accept_project_task_url": address("worker:accept", row.group_id),
    }


def requester(profile: Profile) -> Data:
    """A requester with what the record says of their conduct; null where too little is known."""
    conduct = profile.conduct
    return {
        "requester_id": profile.requester.public_id,
        "requester_name": profile.requester.name,
        "liking": profile.liking or None,
        "conduct": conduct
        and {
            "approved": conduct.approved,
            "approved_in_silence": conduct.silent,
            "rejected": conduct.rejected,
            "overturned": conduct.overturned,
            "sent_back": conduct.sent_back,
            "returned": conduct.returned,
            "returned_as_broken": conduct.broken,
            "approval_rate": conduct.approval,
            "median_seconds_to_decide": conduct.wait_median,
            "median_hourly_pay": money(conduct.hourly) if conduct.wait_median is not None else None,
            "questions_asked": conduct.asked,
            "questions_answered": conduct.replied,
            "median_seconds_to_reply": conduct.reply_median,
            "sample": len(conduct.waits),
        },
    }


def preview(row: GroupRow, shown: Preview | None, asked: Mapping[int, list[Asked]]) -> Data:
    """One task of the group before it is accepted."""
    requirements = _requirements(asked)
    return {
        "task_id": shown.task_id if shown else None,
        "assignment_id": None,
        "accepted_at": None,
        "deadline": None,
        "time_to_deadline_in_seconds": None,
        "state": None,
        "question": _question(shown.question, height=shown.question.frame_height) if shown else None,
        "project": _group(row, requirements)
        | {"hit_requirements": requirements.get(row.requirement_set_id, [])},
    }


def accepted(taken: Accepted, *, now: datetime) -> Data:
    return {
        "assignment_id": taken.assignment_id,
        "task_id": taken.task_id,
        "hit_set_id": taken.group_id,
        "deadline": iso(taken.deadline_at),
        "time_to_deadline_in_seconds": _seconds_to(taken.deadline_at, now),
        "state": "Assigned",
        "task_url": task_url(taken.group_id, taken.task_id, taken.assignment_id),
    }


def submitted(handed_in: Submitted) -> Data:
    return {
        "assignment_id": handed_in.assignment_id,
        "task_id": handed_in.task_id,
        "hit_set_id": handed_in.group_id,
        "state": handed_in.state.capitalize(),
    }


def work(page: WorkPage, *, now: datetime) -> Data:
    """An accepted task as its work page shows it."""
    return {
        "task_id": page.task_id,
        "assignment_id": page.assignment_id,
        "accepted_at": iso(page.accepted_at),
        "deadline": iso(page.deadline_at),
        "time_to_deadline_in_seconds": _seconds_to(page.deadline_at, now),
        "state": state_name(page.state),
        "question": _question(page.question, height=page.question.frame_height),
        "project": {
            "hit_set_id": page.group_id,
            "title": page.title,
            "description": page.description,
            "requester_id": page.requester_id,
            "requester_name": page.requester_name,
            "monetary_reward": money(page.reward),
            "assignment_duration_in_seconds": page.duration_seconds,
        },
    }


def queue(rows: list[QueueRow], asked: Mapping[int, list[Asked]], *, limit: int, now: datetime) -> Data:
    """Tasks in hand; ``asked`` as for a row of the list."""
    requirements = _requirements(asked)
    return {
        "tasks": [
            {
                "task_id": row.task_id,
                "assignment_id": row.assignment_id,
                "accepted_at": iso(row.accepted_at),
                "deadline": iso(row.deadline_at),
                "time_to_deadline_in_seconds": _seconds_to(row.deadline_at, now),
                "state": state_name(row.state),
                "question": {
                    "type": "ExternalURL",
                    "value": task_url(row.group_id, row.task_id, row.assignment_id),
                    "attributes": {"FrameSourceAttribute": "src", "FrameHeight": 0},
                },
                "project": {
                    "hit_set_id": row.group_id,
                    "title": row.title,
                    "description": row.description,
                    "requester_id": row.requester_id,
                    "requester_name": row.requester_name,
                    "monetary_reward": money(row.reward),
                    "assignment_duration_in_seconds": row.duration_seconds,
                    "hit_requirements": requirements.get(row.requirement_set_id, []),
                },
                "expired_task_action_url": address("worker:preview", row.group_id),
                "task_url": task_url(row.group_id, row.task_id, row.assignment_id),
            }
            for row in rows
        ],
        "num_results": len(rows),
        "limit": limit,
    }


def history(page: HistoryPage) -> Data:
    return {"results": [_done(row) for row in page.rows], "next_cursor": page.next_cursor or None}


def day(rows: list[HistoryRow], *, page_number: int, page_size: int) -> Data:
    """One page of what was handed in on a day."""
    shown = rows[(page_number - 1) * page_size : page_number * page_size]
    return {
        "page_number": page_number,
        "num_results": len(shown),
        "total_num_results": len(rows),
        "results": [_done(row) for row in shown],
    }


def dashboard(
    *, available: Money, pending: Money, counts: dict[str, int], days: list[Day], totals: Totals
) -> Data:
    decided = counts["approved"] + counts["rejected"]
    return {
        "available_earnings": money(available),
        "pending_earnings": money(pending),
        "hits_overview": {
            "approved": counts["approved"],
            "approval_rate": counts["approved"] / decided if decided else None,
            "pending": counts["submitted"],
            "rejected": counts["rejected"],
            "rejection_rate": counts["rejected"] / decided if decided else None,
            "returned": counts["returned"],
            "abandoned": counts["abandoned"],
        },
        "daily_hit_statistics_overview": [
            {
                "date": one.day.isoformat(),
                "submitted": one.submitted,
                "approved": one.approved,
                "rejected": one.rejected,
                "pending": one.pending,
                "hits_rewards": money(one.rewards),
                "bonus_rewards": money(one.bonuses),
                "earnings": money(one.earnings),
            }
            for one in days
        ],
        "earnings_to_date": {
            "approved": money(totals.rewards),
            "bonuses": money(totals.bonuses),
            "total_earnings": money(totals.rewards + totals.bonuses),
        },
        "earnings_by_period": {
            "yearly_earnings": money(totals.year),
            "quarterly_earnings": money(totals.quarter),
            "monthly_earnings": money(totals.month),
        },
    }


def state_name(state: str) -> str:
    """Of a task in the queue, as the model's site calls it; what it does not know has a name of our own."""
    return "Assigned" if state == "accepted" else state.capitalize()


def money(amount: Money) -> Data:
    """A JSON number, as scripts for the model's site expect; its shortest form is the exact amount."""
    return {"amount_in_dollars": float(amount.amount), "currency_code": amount.currency}


def task_url(group_id: str, task_id: str, assignment_id: str) -> str:
    """The address of a work page."""
    return f"{address('worker:work', group_id, task_id)}?assignment_id={assignment_id}"


def _done(row: HistoryRow) -> Data:
    return {
        "assignment_id": row.assignment_id,
        "hit_id": row.task_id,
        "title": row.title,
        "requester_id": row.requester_id,
        "requester_name": row.requester_name,
        "reward": money(row.reward),
        "bonus": money(row.bonus),
        "state": row.state.capitalize(),
        "submitted_at": iso(row.submitted_at) if row.submitted_at else None,
        "decided_at": iso(row.decided_at) if row.decided_at else None,
        "reason_code": row.reason_code or None,
        "requester_feedback": row.feedback,
    }


def _question(question: Question, *, height: int) -> Data:
    """How the task is shown: by an address of the requester's own, or inside our page."""
    foreign = question.kind == "external"
    return {
        "type": "ExternalURL" if foreign else question.kind,
        "value": question.body if foreign else None,
        "attributes": {"FrameSourceAttribute": "src", "FrameHeight": height},
    }


def _hourly(row: GroupRow) -> Data | None:
    """The median with its spread; null when too few answers were measured."""
    if row.hourly is None or row.hourly_low is None or row.hourly_high is None:
        return None
    spread = {"low": money(row.hourly_low), "high": money(row.hourly_high), "sample": row.hourly_sample}
    return money(row.hourly) | spread


def _seconds_to(deadline: datetime, now: datetime) -> int:
    return max(0, int((deadline - now).total_seconds()))

"""The worker pages as data, in the shapes of the model's own worker site (mturk-sites 2.3 to 2.7)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django.urls import reverse

from tukro.kernel.formats import iso
from tukro.kernel.money import Money
from tukro.work.actions.assigning import Accepted, Submitted
from tukro.work.queries import (
    GroupPage,
    GroupRow,
    HistoryPage,
    HistoryRow,
    Preview,
    Profile,
    QueueRow,
    WorkPage,
)

Data = dict[str, Any]


def groups(page: GroupPage) -> Data:
    """The open list. Pages are told by ``next_cursor`` (send it as ``after``), never by number."""
    return {
        "results": [group(row) for row in page.rows],
        "num_results": len(page.rows),
        "next_cursor": page.next_cursor or None,
    }


def group(row: GroupRow) -> Data:
    return {
        "hit_set_id": row.group_id,
        "title": row.title,
        "description": row.description,
        "keywords": row.keywords,
        "category": row.category,
        "requester_id": row.requester_id,
        "requester_name": row.requester_name,
        "requester_url": _address("worker:requester_projects", "REQUESTER").replace(
            "REQUESTER", row.requester_id
        ),
        "assignable_hits_count": row.open_tasks,
        "open_places": row.open_places,
        "assignment_duration_in_seconds": row.duration_seconds,
        "estimated_duration_in_seconds": row.estimate_seconds,
        "last_updated_time": iso(row.listed_at),
        "latest_expiration_time": iso(row.expires_at),
        "monetary_reward": money(row.reward),
        "measured_hourly_pay": _hourly(row),
        "language": row.language or None,
        "suits_phone": row.on_phone,
        "liking": row.liking or None,
        "requesterInfo": {
            "taskApprovalRate": row.approval,
            "taskReviewTime": row.wait_median,
        },
        "caller_meets_requirements": row.qualified,
        "caller_meets_preview_requirements": row.previewable,
        "caller_has_done_all": row.all_done,
        "project_tasks_url": _of_group("worker:preview", row.group_id),
        "accept_project_task_url": _of_group("worker:accept", row.group_id),
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
            "sample": len(conduct.waits),
        },
    }


def preview(row: GroupRow, shown: Preview | None) -> Data:
    """One task of the group before it is accepted."""
    return {
        "task_id": shown.task_id if shown else None,
        "assignment_id": None,
        "accepted_at": None,
        "deadline": None,
        "time_to_deadline_in_seconds": None,
        "state": None,
        "project": group(row),
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
        "state": page.state.capitalize(),
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


def queue(rows: list[QueueRow], *, limit: int, now: datetime) -> Data:
    return {
        "tasks": [
            {
                "task_id": row.task_id,
                "assignment_id": row.assignment_id,
                "accepted_at": iso(row.accepted_at),
                "deadline": iso(row.deadline_at),
                "time_to_deadline_in_seconds": _seconds_to(row.deadline_at, now),
                "state": "Assigned" if row.state == "accepted" else row.state.capitalize(),
                "project": {
                    "hit_set_id": row.group_id,
                    "title": row.title,
                    "requester_name": row.requester_name,
                    "monetary_reward": money(row.reward),
                },
                "task_url": task_url(row.group_id, row.task_id, row.assignment_id),
            }
            for row in rows
        ],
        "num_results": len(rows),
        "limit": limit,
    }


def history(page: HistoryPage) -> Data:
    return {"results": [_done(row) for row in page.rows], "next_cursor": page.next_cursor or None}


def dashboard(
    *, available: Money, pending: Money, counts: dict[str, int], days: list[tuple[date, Money]]
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
            {"date": day.isoformat(), "earnings": money(earned)} for day, earned in reversed(days)
        ],
    }


def money(amount: Money) -> Data:
    """A JSON number, as scripts for the model's site expect; its shortest form is the exact amount."""
    return {"amount_in_dollars": float(amount.amount), "currency_code": amount.currency}


def task_url(group_id: str, task_id: str, assignment_id: str) -> str:
    """The address of a work page."""
    path = _address("worker:work", "GROUP", "TASK").replace("GROUP", group_id).replace("TASK", task_id)
    return f"{path}?assignment_id={assignment_id}"


def _of_group(name: str, group_id: str) -> str:
    return _address(name, "GROUP").replace("GROUP", group_id)


@cache
def _address(name: str, *places: str) -> str:
    """An address with its ids left open: finding one costs as much as all the rest of a row."""
    return reverse(name, args=places)


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


def _hourly(row: GroupRow) -> Data | None:
    """The median with its spread; null when too few answers were measured."""
    if row.hourly is None or row.hourly_low is None or row.hourly_high is None:
        return None
    spread = {"low": money(row.hourly_low), "high": money(row.hourly_high), "sample": row.hourly_sample}
    return money(row.hourly) | spread


def _seconds_to(deadline: datetime, now: datetime) -> int:
    return max(0, int((deadline - now).total_seconds()))

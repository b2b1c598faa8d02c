"""Requirements and qualifications as data, as on the model's own worker site (mturk-sites 2.3, 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tukro.kernel.formats import iso
from tukro.qualifications.actions.requesting import earliest_again
from tukro.qualifications.models import Qualification, QualificationRequest
from tukro.qualifications.rules import LOCALE
from tukro.web.words.requirements import type_name
from tukro.web.worker.data.addresses import address
from tukro.work.queries import Asked

Data = dict[str, Any]
_ACTIONS = {"Accept": "AcceptHit", "PreviewAndAccept": "PreviewHit", "DiscoverPreviewAndAccept": "ViewHitSet"}


def requirement(asked: Asked) -> Data:
    """One requirement in the model's words; ``worker_action`` is the first act that it stands before."""
    one = asked.requirement
    locale = str(asked.value or "") if one.type_id == LOCALE else ""
    return {
        "qualification_type_id": one.type_id,
        "comparator": one.comparator,
        "qualification_values": [str(value) for value in one.integers or one.locales],
        "worker_action": _ACTIONS[one.guards],
        "caller_meets_requirement": asked.met,
        "caller_qualification_value": {
            "integer_value": asked.value if isinstance(asked.value, int) else None,
            "locale_value": {"country": locale[:2] or None, "subdivision": locale[3:] or None},
        },
        "qualification_request_url": address("worker:qualification", one.type_id),
        "qualification_type": {
            "qualification_type_id": one.type_id,
            "name": type_name(one.type_id, asked.name),
            "description": asked.description,
            "keywords": asked.keywords,
            "has_test": asked.has_test,
            "is_requestable": asked.is_requestable,
            "visibility": True,
        },
    }


def qualifications(
    rows: list[Qualification],
    asked: Mapping[int, QualificationRequest],
    *,
    next_token: str | None,
    now: datetime,
) -> Data:
    """Qualifications that the worker holds; ``asked``: the last request for each type, by the type's pk."""
    return {
        "results": [_held(one, asked.get(one.type_id), now) for one in rows],
        "num_results": len(rows),
        "next_page_token": next_token,
    }


def _held(held: Qualification, last: QualificationRequest | None, now: datetime) -> Data:
    kind = held.type
    owner = kind.requester
    again = earliest_again(kind, last)
    is_open = owner is not None and kind.is_requestable and kind.is_active
    page = address("worker:qualification", kind.public_id)
    return {
        "qualification_type_id": kind.public_id,
        "name": type_name(kind.public_id, kind.name),
        "description": kind.description,
        "creator_name": owner.name if owner else "Tukro",
        "creator_url": address("worker:requester", owner.public_id) if owner else None,
        "value": held.value,
        "grant_time": iso(held.granted_at),
        "has_test": bool(kind.test),
        "is_requestable": kind.is_requestable and kind.is_active,
        "is_system_qualification": owner is None,
        "can_retake_test_or_rerequest": is_open and again is not None and again <= now,
        "earliest_retriable_time": iso(again) if is_open and last and again else None,
        "request_qualification_url": page,
        "retake_test_url": page if is_open and kind.test and again else None,
    }

"""Requirements and qualifications as data, as on the model's own worker site (mturk-sites 2.3, 2.6)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tukro.kernel.formats import iso
from tukro.qualifications.models import Qualification
from tukro.qualifications.rules import LOCALE
from tukro.web.requirements import type_name
from tukro.work.queries import Wish

Data = dict[str, Any]
_ACTIONS = {"Accept": "AcceptHit", "PreviewAndAccept": "PreviewHit", "DiscoverPreviewAndAccept": "ViewHitSet"}


def wish(asked: Wish) -> Data:
    """One requirement in the model's words; ``worker_action`` is the first act that it stands before."""
    one, kind = asked.requirement, asked.type
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
        "qualification_request_url": reverse("worker:qualification", args=[one.type_id]),
        "qualification_type": {
            "qualification_type_id": one.type_id,
            "name": type_name(one.type_id, kind.name if kind else ""),
            "description": kind.description if kind else "",
            "keywords": kind.keywords if kind else "",
            "has_test": bool(kind and kind.test),
            "is_requestable": bool(kind and kind.is_requestable and kind.is_active),
            "visibility": True,
        },
    }


def qualifications(rows: list[Qualification], *, next_token: str | None) -> Data:
    """Qualifications that the worker holds."""
    return {
        "results": [_held(one) for one in rows],
        "num_results": len(rows),
        "next_page_token": next_token,
    }


def _held(held: Qualification) -> Data:
    kind = held.type
    owner = kind.requester
    return {
        "qualification_type_id": kind.public_id,
        "name": type_name(kind.public_id, kind.name),
        "description": kind.description,
        "creator_name": owner.name if owner else "Tukro",
        "creator_url": reverse("worker:requester", args=[owner.public_id]) if owner else None,
        "value": held.value,
        "grant_time": iso(held.granted_at),
        "has_test": bool(kind.test),
        "is_requestable": kind.is_requestable and kind.is_active,
        "is_system_qualification": owner is None,
        "can_retake_test_or_rerequest": kind.retry_delay_seconds is not None,
        "request_qualification_url": reverse("worker:qualification", args=[kind.public_id]),
    }

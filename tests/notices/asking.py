"""A requester's program asks to be told: short forms for tests."""

from __future__ import annotations

from collections.abc import Sequence

from tests.make import NOW
from tukro.notices.actions.settings import Specification, set_notification
from tukro.notices.models import Delivery, NotificationSetting
from tukro.notices.rules.notifications import EVENT_TYPES
from tukro.work.models import Batch


def specification(
    transport: str, address: str, *, events: Sequence[str] = EVENT_TYPES, version: str = "2014-08-15"
) -> Specification:
    return Specification(transport, address, version, events)


def ask(
    batch: Batch,
    transport: str,
    address: str,
    *,
    events: Sequence[str] = EVENT_TYPES,
    version: str = "2014-08-15",
    active: bool | None = None,
) -> NotificationSetting:
    """The requester of a batch asks to be told about its task type."""
    return set_notification(
        requester=batch.requester,
        task_type_id=batch.task_type.public_id,
        specification=specification(transport, address, events=events, version=version),
        active=active,
        now=NOW,
    )


def states() -> list[tuple[str, str, int]]:
    """Event, state and attempts of all deliveries, in order."""
    rows = Delivery.objects.order_by("id").values_list("event_type", "state", "attempts")
    return [(event, state, attempts) for event, state, attempts in rows]

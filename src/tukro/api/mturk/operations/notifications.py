"""UpdateNotificationSettings and SendTestEventNotification (mturk-api 6.38, 6.39, 11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tukro.api.mturk.operations.registry import operation
from tukro.notices.actions.settings import Specification, set_notification
from tukro.notices.channels.machines import send_test
from tukro.people.models import Requester


@operation("UpdateNotificationSettings")
def update_notification_settings(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Which events of a HIT type are told where, and whether they are."""
    set_notification(
        requester=caller,
        task_type_id=given["HITTypeId"],
        specification=_specification(given["Notification"]) if "Notification" in given else None,
        active=given.get("Active"),
        now=now,
    )
    return {}


@operation("SendTestEventNotification", own_transaction=True)
def send_test_event_notification(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """One document with ids of nothing, sent before the answer is."""
    send_test(
        requester=caller,
        specification=_specification(given["Notification"]),
        event_type=given["TestEventType"],
        now=now,
    )
    return {}


def _specification(given: Mapping[str, Any]) -> Specification:
    return Specification(given["Transport"], given["Destination"], given["Version"], given["EventTypes"])

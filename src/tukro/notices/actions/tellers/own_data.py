"""The file with everything held about a person is ready."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from tukro.journal.models import Event
from tukro.notices.actions.told import Teller, Told
from tukro.people.models import User


def _ready(event: Event) -> Told | None:
    user = User.objects.filter(pk=event.facts["user"]).first()
    if user is None:
        return None
    facts: dict[str, object] = {"until": datetime.fromisoformat(event.facts["until"])}
    return Told(user, "data_export_ready", facts, kind="account", link=reverse("account:own_data"))


TELLERS: dict[str, Teller] = {"DataExportReady": _ready}

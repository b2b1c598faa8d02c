"""Writing into the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from tukro.kernel.actors import Actor


def record(
    *, name: str, actor: Actor, subject: str, at: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """Add one event, in the transaction of the verb that caused it: both happen or neither."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select journal_record(%s, %s, %s, %s, %s::jsonb)",
            [name, str(actor), subject, at, json.dumps(dict(facts or {}), ensure_ascii=False)],
        )

"""A group's row in the open list."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def begin_draw(*, task_type_id: int, places: int, now: datetime) -> None:
    """Before tasks of a batch exist: when its group opens with so few places, lots will be drawn."""
    with connection.cursor() as cursor:
        cursor.execute("select work_begin_draw(%s, %s, %s)", [task_type_id, places, now])


def list_group(*, task_type_id: int, expires_at: datetime, now: datetime) -> None:
    """Show the group with what is free in it now; the newest of all."""
    with connection.cursor() as cursor:
        cursor.execute("select work_list_group(%s, %s, %s)", [task_type_id, expires_at, now])

"""/healthz says what is down, and only that."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone


@pytest.mark.django_db
def test_without_jobs_the_house_is_not_healthy(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"web": "up", "database": "up", "jobs": "down"})


@pytest.mark.django_db
def test_with_all_three_it_is(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (%s)", [timezone.now()])
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"web": "up", "database": "up", "jobs": "up"})
    assert "no-store" in answer["Cache-Control"]

"""/healthz: whether web, database and jobs are alive, for supervisors and load balancers."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tukro.schedule import jobs_are_alive


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when all three are up, else 503; the body names each. It tells nothing else about the house."""
    database, jobs = _database_and_jobs()
    state = {"web": "up", "database": _word(database), "jobs": _word(jobs)}
    return JsonResponse(state, status=200 if database and jobs else 503)


def _database_and_jobs() -> tuple[bool, bool]:
    try:
        return True, jobs_are_alive(timezone.now())
    except DatabaseError:
        connection.close()  # a broken connection must not answer the next request
        return False, False


def _word(up: bool) -> str:
    return "up" if up else "down"

"""The open list for those who look again and again: ``304`` while nothing has changed, mostly from memory.

The list's figures are counted anew every few seconds (work.jobs.refresh_listings), so what a program was told
a moment ago it need not be told again: its ``ETag`` is remembered that long in the memory of this process.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections import OrderedDict

from django.http import HttpResponse

from tukro.web.entry.access import WorkerRequest

FRESH_SECONDS = 5.0  # the period of the job that counts
_KEPT = 10_000

_Key = tuple[int, str]


class Told:
    """What this process told lately: (worker, address) → (ETag, when)."""

    def __init__(self) -> None:
        self._told: OrderedDict[_Key, tuple[str, float]] = OrderedDict()

    def note(self, key: _Key, tag: str, *, at: float) -> None:
        self._told[key] = (tag, at)
        self._told.move_to_end(key)
        if len(self._told) > _KEPT:
            self._told.popitem(last=False)

    def fresh_for(self, key: _Key, tag: str, *, at: float) -> float:
        """Seconds for which the caller's copy still is what it would be told; 0 when it must be looked at."""
        told, since = self._told.get(key, ("", 0.0))
        return max(0.0, since + FRESH_SECONDS - at) if tag and tag == told else 0.0


_TOLD = Told()


def unchanged(request: WorkerRequest) -> HttpResponse | None:
    """``304`` when the caller's copy is from a moment ago. Asks the database nothing."""
    left = _TOLD.fresh_for(_key(request), _sent(request), at=time.monotonic())
    return _not_modified(_sent(request), left) if left else None


def answer(request: WorkerRequest, data: object) -> HttpResponse:
    """``data`` with its ``ETag``, or ``304`` when the caller has just that."""
    body = json.dumps(data).encode()
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    _TOLD.note(_key(request), tag, at=time.monotonic())
    if _sent(request) == tag:
        return _not_modified(tag, FRESH_SECONDS)
    told = HttpResponse(body, content_type="application/json")
    _say(told, tag)
    return told


def _key(request: WorkerRequest) -> _Key:
    return request.worker.pk, request.get_full_path()


def _sent(request: WorkerRequest) -> str:
    return str(request.META.get("HTTP_IF_NONE_MATCH", "")).removeprefix("W/")


def _not_modified(tag: str, left: float) -> HttpResponse:
    told = HttpResponse(status=304)
    _say(told, tag)
    told.headers["Retry-After"] = str(math.ceil(left))
    return told


def _say(told: HttpResponse, tag: str) -> None:
    told.headers["ETag"] = tag
    told.headers["Cache-Control"] = "private, no-cache"
    told.headers["Vary"] = "Cookie, Authorization, Accept-Language"

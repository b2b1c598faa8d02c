"""Doing a thing with each of many, so that one that fails holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")
_log = logging.getLogger(__name__)


def apart(act: Callable[P, int], *args: P.args, **kwargs: P.kwargs) -> int:
    """What ``act`` answers; 0 when it fails, which is logged. For verbs that are a transaction of their own:
    what a failed one wrote is gone, and its thing comes again at the job's next time."""
    try:
        return act(*args, **kwargs)
    except Exception:
        _log.exception("%s failed with %s %s", act, args, kwargs)
        return 0

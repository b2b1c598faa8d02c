"""Ids of workers on the old market (mturk-api 3.1)."""

from __future__ import annotations

import re

_FORMER_ID = re.compile(r"A[A-Z0-9]{4,63}")


def looks_like_former_id(text: str) -> bool:
    """Whether it could be an id of MTurk's workers: ``A`` and more capital letters and digits."""
    return _FORMER_ID.fullmatch(text) is not None

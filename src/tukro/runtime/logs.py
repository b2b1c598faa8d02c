"""Log lines: one event, one line, for a person (text) or a collector (json)."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_LONGEST = 2000  # characters of what was said; an address that somebody sends may have as many as they like


class Line(logging.Formatter):
    """Writes when, how grave, who and what; a traceback goes into the same event."""

    def __init__(self, *, style: str = "text") -> None:
        super().__init__()
        assert style in ("text", "json"), style
        self._as_json = style == "json"

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        message = record.getMessage()
        if len(message) > _LONGEST:
            message = f"{message[:_LONGEST]}…"
        trace = self.formatException(record.exc_info) if record.exc_info and _is_a_fault(record) else ""
        if not self._as_json:
            line = f"{at:%H:%M:%S} {record.levelname.lower()} {record.name}: {_one_line(message)}"
            return f"{line}\n{trace}" if trace else line
        event = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            "process": record.process,
        }
        return json.dumps({**event, "traceback": trace} if trace else event, ensure_ascii=False)


def _is_a_fault(record: logging.LogRecord) -> bool:
    """Of ours. Where a wrong request of a stranger was noticed says nothing, and would fill the disk."""
    return record.levelno >= logging.ERROR and not record.name.startswith("django.security.")


def _one_line(text: str) -> str:
    # What strangers send (addresses, names) must not be able to forge lines of the log.
    return text.replace("\r", "\\r").replace("\n", "\\n")

"""Log lines: one event, one line, for a person (text) or a collector (json)."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class Line(logging.Formatter):
    """Writes when, how grave, who and what; a traceback goes into the same event."""

    def __init__(self, *, style: str = "text") -> None:
        super().__init__()
        assert style in ("text", "json"), style
        self._as_json = style == "json"

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if not self._as_json:
            line = f"{at:%H:%M:%S} {record.levelname.lower()} {record.name}: {_one_line(record.getMessage())}"
            return f"{line}\n{trace}" if trace else line
        event = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        return json.dumps({**event, "traceback": trace} if trace else event, ensure_ascii=False)


def _one_line(text: str) -> str:
    # What strangers send (addresses, names) must not be able to forge lines of the log.
    return text.replace("\r", "\\r").replace("\n", "\\n")

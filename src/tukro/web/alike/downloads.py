"""Files that people take along. They are about persons and money, so nothing on their way keeps one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase


def csv_file(lines: Iterable[str], *, name: str) -> StreamingHttpResponse:
    """A CSV file in UTF-8, sent as it is written."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    _take_along(answer, name)
    return answer


def whole_file(body: bytes | str, *, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """A file that is ready."""
    answer = HttpResponse(body, content_type=media_type)
    _take_along(answer, name)
    return answer


def stored_file(stored: BinaryIO, *, name: str) -> FileResponse:
    """A file of ours, sent piece by piece; its type is what its name says."""
    answer = FileResponse(stored, filename=name)
    _take_along(answer, name)
    return answer


def _take_along(answer: HttpResponseBase, name: str) -> None:
    """``name``: letters, digits, points and hyphens, chosen by us."""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"

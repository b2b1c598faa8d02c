"""Pages travel compressed: prepaid data is paid by the megabyte."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Compress pages and nothing else: the JSON of the hot doors is smaller than the work would be.

    Django pads each page by a random length, so that the compressed size betrays no secret of it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)

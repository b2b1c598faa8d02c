"""Pages travel compressed: prepaid data is paid by the megabyte."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string


class CompressPages(GZipMiddleware):
    """Compress pages and nothing else: the JSON of the hot doors is smaller than the work would be.

    Django pads each page by a random length, so that the compressed size betrays no secret of it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


def compressed(request: HttpRequest, text: str, content_type: str) -> HttpResponse:
    """A file without secrets, compressed where the browser understands it."""
    body = text.encode()
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(compress_string(body) if takes_gzip else body, content_type=content_type)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response

"""The site's pages, and a few of which each does one thing that is hard on a server."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from tempfile import TemporaryFile

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tukro.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

ROW = b"0123456789abcdef" * 4096


def backend(_request: HttpRequest) -> HttpResponse:
    """The number of the database's process."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return HttpResponse(str(cursor.fetchone()[0]))


def nap(request: HttpRequest) -> HttpResponse:
    """A page for which the database takes so many seconds."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(%s)", [float(request.GET["seconds"])])
    return HttpResponse("awake")


def rows(request: HttpRequest) -> StreamingHttpResponse:
    """So many rows of 64 KiB, each asked of the database when its turn comes."""
    return StreamingHttpResponse(_rows(int(request.GET["count"]), int(request.GET.get("faulty", -1))))


def _rows(count: int, faulty: int) -> Iterator[bytes]:
    for number in range(count):
        with connection.cursor() as cursor:
            cursor.execute("select 1 / %s", [number - faulty])
        yield ROW


def file(request: HttpRequest) -> FileResponse:
    """A file of so many rows, which the database has been asked about."""
    backend(request)
    kept = TemporaryFile()  # noqa: SIM115  # the answer closes it
    kept.write(ROW * int(request.GET["count"]))
    kept.seek(0)
    return FileResponse(kept, content_type="application/octet-stream")


@csrf_exempt
def told(request: HttpRequest) -> JsonResponse:
    """What came."""
    files = {
        name: [one.name, sha256(one.read()).hexdigest()]
        for name, one in request.FILES.items()
        if isinstance(one, UploadedFile)
    }
    return JsonResponse({"fields": request.POST.dict(), "files": files})


def broken(_request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select nothing")
    raise AssertionError("there is no such column")


urlpatterns = [
    path("test/backend", backend),
    path("test/nap", nap),
    path("test/rows", rows),
    path("test/file", file),
    path("test/told", told),
    path("test/broken", broken),
    path("", include("tukro.urls")),
]

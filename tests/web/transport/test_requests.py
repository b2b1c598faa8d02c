"""Our reader of fields gives what Django's own gives."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.exceptions import BadRequest, DisallowedHost, TooManyFieldsSent
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse, QueryDict
from django.test import Client, override_settings
from hypothesis import example, given
from hypothesis import strategies as st

from tukro.web.transport.requests import Handler, Request, heads, read_fields

_HARD = st.text(st.sampled_from("%&=+;০ছa9Ff\x00 é"), max_size=40)


@given(st.one_of(_HARD.map(str.encode), st.binary(max_size=40)))
@example(b"a=%E0%A6%9B%E0%A6%ac+x&a=2&&b&=c&%41=%zz%4&d==%3D")
@example("é=%C3%A9".encode())
@example(b"a=%ff%fe")
@example(b"a=\xff%41")
@example(b"")
def test_fields_are_read_as_django_reads_them(encoded: bytes) -> None:
    ours, django = read_fields(encoded), QueryDict(encoded)
    assert list(ours.lists()) == list(django.lists())
    assert (ours.encoding, ours.urlencode()) == (django.encoding, django.urlencode())
    with pytest.raises(AttributeError, match="immutable"):
        ours["x"] = "y"
    copy = ours.copy()
    copy.appendlist("x", "y")
    assert copy.getlist("x")[-1] == "y"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=8))
def test_a_posted_form_comes_back(fields: list[tuple[str, str]]) -> None:
    body = urlencode(fields, errors="surrogatepass").encode()
    request = Request(_posted(body))
    assert list(request.POST.lists()) == list(QueryDict(body).lists())
    assert not request.FILES


def test_other_encodings_go_djangos_way() -> None:
    assert read_fields(b"a=%E9", "latin-1")["a"] == "é"
    assert not Request(_posted(b'{"a": "b"}', "application/json")).POST
    latin = Request({**_posted(b""), "QUERY_STRING": "a=%E9"})
    latin.encoding = "latin-1"
    assert latin.GET["a"] == "é"


@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=3)
def test_too_many_fields_are_refused() -> None:
    assert len(read_fields(b"a&b&c")) == 3
    with pytest.raises(TooManyFieldsSent):
        read_fields(b"a&b&c&d")


@pytest.mark.parametrize("charset", ["zlib_codec", "idna", "utf-16", "nonsense", "\xff"])
def test_a_charset_that_is_no_utf_8_is_refused_where_fields_are_read(charset: str) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b"):
        asked = Request({**_posted(b"a=1", f"{kind}; charset={charset}"), "QUERY_STRING": "a=1&" * 2000})
        with pytest.raises(BadRequest):
            _ = asked.POST
    ours = Request({**_posted(b"{}", f"application/json; charset={charset}"), "QUERY_STRING": "a=1"})
    assert (ours.GET["a"], ours.POST.dict(), ours.body) == ("1", {}, b"{}")
    said = Request(_posted(b"a=1", "application/x-www-form-urlencoded; charset=UTF-8"))
    assert said.POST["a"] == "1"


def test_the_site_serves_these_requests() -> None:
    assert Handler.request_class is Request
    assert type(Client().get("/nowhere").wsgi_request) is Request


def _posted(body: bytes, content_type: str = "application/x-www-form-urlencoded") -> dict[str, object]:
    return {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "query"), [("/nowhere", "format=json"), ("/", "")])
def test_the_site_sends_what_django_would_send(path: str, query: str) -> None:
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _failed: object = None) -> Callable[..., None]:
        told.append((status, headers))
        return lambda _part: None

    ours = Handler().answer({**_posted(b""), **asked})
    django = WSGIHandler()({**_posted(b""), **asked}, start)
    assert isinstance(ours, HttpResponse)
    sent = [(name, value) for name, value in heads(ours) if name != "Set-Cookie"]
    assert (f"{ours.status_code} {ours.reason_phrase}", sent) == (
        told[0][0],
        [(name, value) for name, value in told[0][1] if name != "Set-Cookie"],
    )
    assert len(heads(ours)) == len(told[0][1])
    assert {name for name, _ in sent} >= {
        "Content-Type",
        "Content-Security-Policy",
        "X-Frame-Options",
        "Vary",
    }
    ours.close()
    django.close()


HOSTS = [
    "tukro.example",
    "TUKRO.example:8080",
    "tukro.example.",
    "evil.example",
    "a.b.example",
    "[::1]:80",
    "",
    "x y",
]
RULES = [["tukro.example"], [".b.example", "[::1]"], ["*"], []]


@pytest.mark.parametrize("host", [*HOSTS, "a" * 300 + ".b.example"])
def test_a_host_is_taken_or_refused_as_django_does(host: str) -> None:
    for rule in [*RULES, *RULES]:  # the second time it is known, and each rule still has its own answer
        environ = {"REQUEST_METHOD": "GET", "wsgi.input": BytesIO(), "HTTP_HOST": host}
        with override_settings(ALLOWED_HOSTS=rule, DEBUG=False):
            assert _host_of(Request(environ)) == _host_of(WSGIRequest(environ))


def _host_of(request: WSGIRequest) -> str:
    try:
        return request.get_host()
    except DisallowedHost:
        return "refused"

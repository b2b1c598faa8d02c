"""Requests as Django makes them, with their fields read in a third of the time.

Python's own reader looks up each byte of a letter that is not Latin, three for one of Bengali, and Django's
goes through six methods for each field. What comes out is the same, fault for fault: a test compares them.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import request_started
from django.http import HttpRequest, QueryDict
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters
from django.views.decorators.csrf import csrf_exempt

from tukro.web.entry import answers
from tukro.web.entry.access import ask_to_sign_in
from tukro.web.entry.senders import do_take_files, is_signed_in
from tukro.web.transport import addresses
from tukro.web.transport.bodies import REFUSAL, Refusal

_FORM = "application/x-www-form-urlencoded"
_UTF_8 = ("utf-8", "utf8")
_FORMS = (_FORM, "multipart/form-data")
_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


_LONGEST_HOST = 261  # a name of 255 and a port: longer ones are not remembered


class Request(WSGIRequest):
    # Django's own, which its stubs do not declare.
    _encoding: str | None
    _read_started: bool
    _get_raw_host: Callable[[], str]

    @cached_property
    def GET(self) -> QueryDict:  # type: ignore[override]  # a plain attribute in the stubs
        return read_fields(self.environ.get("QUERY_STRING", "").encode("iso-8859-1"), self._encoding)

    def get_host(self) -> str:
        raw = self._get_raw_host()
        if len(raw) <= _LONGEST_HOST and _is_allowed(raw, tuple(settings.ALLOWED_HOSTS)):
            return raw
        return super().get_host()  # which knows more names while debugging, and says what is wrong

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        # Django would read the query as the body's charset says, in here, where no fault can be answered.
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))

    def _load_post_and_files(self) -> None:
        charset = (self.content_params or {}).get("charset", "utf-8")
        if self.content_type in _FORMS and charset.lower() not in _UTF_8:
            raise BadRequest("Forms are read as UTF-8.")
        # Everything but a form that came whole goes Django's own way.
        started = self._read_started and not hasattr(self, "_body")
        if self.method == "POST" and self.content_type == _FORM and self._encoding is None and not started:
            self._post = read_fields(self.body)
            self._files: MultiValueDict[str, UploadedFile[bytes]] = MultiValueDict()
        else:
            super()._load_post_and_files()


@lru_cache(maxsize=1024)
def _is_allowed(raw: str, allowed: tuple[str, ...]) -> bool:
    """Django's rule for the names of a site, looked up once for each: every request asks."""
    domain, _ = split_domain_port(raw)
    return bool(domain) and validate_host(domain, allowed)


class Handler(WSGIHandler):
    request_class = Request

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        found: ResolverMatch | None
        if refusal := request.META.get(REFUSAL):
            found = ResolverMatch(_REFUSALS[refusal], (), {})
        else:
            found = addresses.find(request.path_info, settings.ROOT_URLCONF)
        if found is None:
            return super().resolve_request(request)
        request.resolver_match = found
        return found

    def answer(self, environ: dict[str, Any]) -> HttpResponseBase:
        """What WSGI's call would answer, without being told in WSGI's way: ``heads`` says what is sent."""
        request_started.send(sender=type(self), environ=environ)
        return self.get_response(Request(environ))

    def refusal(self, environ: dict[str, Any]) -> Refusal | None:
        """Why a large body is not received: where no files are taken, and of whom nobody knows."""
        request = Request(environ)
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            return Refusal.TOO_LARGE
        if not do_take_files(view):
            return Refusal.TOO_LARGE
        return None if is_signed_in(request) else Refusal.NOT_SIGNED_IN


_REFUSALS: dict[Refusal, Callable[[HttpRequest], HttpResponseBase]] = {
    Refusal.TOO_LARGE: csrf_exempt(answers.too_large),
    Refusal.NO_LENGTH: csrf_exempt(answers.no_length),
    Refusal.NOT_SIGNED_IN: csrf_exempt(ask_to_sign_in),
}


def heads(response: HttpResponseBase) -> list[tuple[str, str]]:
    """The headers of an answer, cookies among them, as WSGI would have them."""
    cookies = [("Set-Cookie", each.output(header="")) for each in response.cookies.values()]
    return [*response.headers._store.values(), *cookies]  # without a look-up by name for each


def read_fields(encoded: bytes, encoding: str | None = None) -> QueryDict:
    """``QueryDict(encoded, encoding=encoding)``."""
    if encoding is not None or encoded.count(b"&") >= (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0):
        return QueryDict(encoded, encoding=encoding)
    try:
        text = encoded.decode()
    except UnicodeDecodeError:
        text = encoded.decode("iso-8859-1")
    lists: dict[str, list[str]] = {}
    for field in text.split("&"):
        if field:
            name, _, value = field.partition("=")
            lists.setdefault(_unquoted(name), []).append(_unquoted(value))
    made = QueryDict.__new__(QueryDict)
    made._encoding, made._mutable = "utf-8", False  # type: ignore[attr-defined]  # a dict of Django's, filled as its own reader does
    dict.update(made, lists)
    return made


def _unquoted(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    if not text.isascii():
        return unquote(text)
    whole = _ESCAPES.sub(lambda run: unhexlify(run[0].replace(b"%", b"")), text.encode())
    return whole.decode("utf-8", "replace")

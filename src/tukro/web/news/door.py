"""The door of the news: who comes in, and the answer to those who do not.

A bare ASGI application. Streams wait for hours, so they live in a process of their own, where waiting costs
neither a thread nor a connection to the database (docs/decisions/0029).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.web.news.reading import credential_of
from tukro.web.news.stream import Stream
from tukro.web.news.watch import NoRoom, Stranger, TooFast, TooManyStreams, TurnedAway, Watch

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_ALWAYS: Headers = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),  # nginx would keep what is small
    (b"vary", b"Origin, Cookie, Authorization"),
]
_LONGEST_CLIENT = 40
_NO_TOKEN = _("This token does not work, or no longer.")
_REFUSED: dict[type[TurnedAway], tuple[int, str, str | Promise]] = {
    Stranger: (HTTPStatus.UNAUTHORIZED, "sign_in_required", _("Please sign in first.")),
    TooFast: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_requests",
        _("You were faster than we can be. Wait a minute and try once more."),
    ),
    TooManyStreams: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_streams",
        _("You listen in too many places at once. Close one of them."),
    ),
    NoRoom: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "no_room",
        _("No more can listen at this moment. Try again in a while."),
    ),
}


class Door:
    """``GET /news`` is a stream; ``GET /healthz`` says that the process lives and how many listen."""

    look_every = 1.0  # seconds

    def __init__(self) -> None:
        self._watch = Watch()
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(_Asked(scope), receive, send)

    def close(self) -> None:
        """Let all listeners go, before the server is stopped: it would wait for them."""
        self._watch.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            match (await receive())["type"]:
                case "lifespan.startup":
                    self._looking = asyncio.create_task(self._watch.run(every=self.look_every))
                    await send({"type": "lifespan.startup.complete"})
                case "lifespan.shutdown":
                    self._watch.close()
                    await send({"type": "lifespan.shutdown.complete"})
                    return

    async def _answer(self, asked: _Asked, receive: Receive, send: Send) -> None:
        if not asked.may_come:
            await _say(send, HTTPStatus.FORBIDDEN, {"error": "forbidden"})
        elif asked.path == "/healthz":
            await _say(send, HTTPStatus.OK, {"news": "up", "streams": self._watch.count})
        elif asked.path != "/news":
            await _say(send, HTTPStatus.NOT_FOUND, {"error": "not_found"})
        elif asked.method != "GET":
            await _say(send, HTTPStatus.METHOD_NOT_ALLOWED, {"error": "bad_method"}, [(b"allow", b"GET")])
        else:
            await self._stream(asked, receive, send)

    async def _stream(self, asked: _Asked, receive: Receive, send: Send) -> None:
        try:
            credential = credential_of(cookie=asked.cookie, token=asked.token)
            if credential is None:
                raise Stranger
            stream = await self._watch.join(
                credential, token=asked.token, client=asked.client, last_id=asked.last_id
            )
        except TurnedAway as refusal:
            await _turn_away(asked, refusal, send)
            return
        leaving = asyncio.create_task(_until_gone(receive, stream))
        try:
            headers = [(b"content-type", b"text/event-stream; charset=utf-8"), *asked.shared, *_ALWAYS]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            async for some in stream.written():
                await send({"type": "http.response.body", "body": some, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            self._watch.leave(stream)


class _Asked:
    """What a request says of itself."""

    def __init__(self, scope: Scope) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._query: str = scope["query_string"].decode("latin-1")
        self._headers: dict[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }

    @property
    def may_come(self) -> bool:
        """By one of our names; from pages of the site alone, though not only from pages."""
        host, _port = split_domain_port(self._headers.get("host", ""))
        from_elsewhere = self._headers.get("sec-fetch-site") == "cross-site"
        origin = self._headers.get("origin")
        return (
            validate_host(host, settings.ALLOWED_HOSTS)
            and not from_elsewhere
            and origin in (None, _site_origin())
        )

    @property
    def shared(self) -> Headers:
        """Lets the site's own pages read the answer, which comes from another port."""
        if "origin" not in self._headers:
            return []
        return [
            (b"access-control-allow-origin", _site_origin().encode()),
            (b"access-control-allow-credentials", b"true"),
        ]

    @property
    def token(self) -> str:
        kind, _, token = self._headers.get("authorization", "").partition(" ")
        return token.strip() if kind == "Bearer" else ""

    @property
    def cookie(self) -> str:
        return self._cookies.get(settings.SESSION_COOKIE_NAME, "")

    @property
    def last_id(self) -> str:
        """The header of a browser that comes back by itself, or the parameter of a page that was left."""
        return self._headers.get("last-event-id", self._parameter("last_event_id"))

    @property
    def client(self) -> str:
        return self._parameter("client")[:_LONGEST_CLIENT]

    def _parameter(self, name: str) -> str:
        return parse_qs(self._query).get(name, [""])[0]

    @property
    def language(self) -> str:
        request = HttpRequest()
        request.COOKIES = self._cookies
        request.META = {"HTTP_ACCEPT_LANGUAGE": self._headers.get("accept-language", "")}
        return str(translation.get_language_from_request(request))

    @property
    def _cookies(self) -> dict[str, str]:
        return parse_cookie(self._headers.get("cookie", ""))


def _site_origin() -> str:
    site = urlsplit(settings.SITE_URL)
    return f"{site.scheme}://{site.netloc}"


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _turn_away(asked: _Asked, refusal: TurnedAway, send: Send) -> None:
    status, code, sentence = _REFUSED[type(refusal)]
    if isinstance(refusal, Stranger) and asked.token:
        code, sentence = "bad_token", _NO_TOKEN
    with translation.override(asked.language):
        body = {"error": code, "message": str(sentence)}
    headers = list(asked.shared)
    if refusal.wait:
        headers.append((b"retry-after", str(refusal.wait).encode()))
    if isinstance(refusal, Stranger):
        headers.append((b"www-authenticate", b"Bearer"))
    await _say(send, status, body, headers)


async def _say(send: Send, status: int, body: object, headers: Headers | None = None) -> None:
    told = [(b"content-type", b"application/json"), *(headers or []), *_ALWAYS]
    await send({"type": "http.response.start", "status": int(status), "headers": told})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})

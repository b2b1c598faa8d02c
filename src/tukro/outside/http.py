"""Asking another service over HTTP, and knowing afterwards what may have happened there.

The only file that knows httpx. Every call ends in one of four ways; money, letters and messages hang on
telling them apart:

- ``Answered``: 2xx. The provider did what the answer says.
- ``Refused``: another 4xx. The provider read it and did nothing.
- ``NotSent``: nothing reached it (no connection), or it asked to come back later (429). Nothing was done; the
  same thing may be asked again.
- ``Unknown``: it may or may not have been done: the connection broke or was silent after the question was
  on its way, 5xx, 408, 409, a redirect, an answer that is too long. Never ask for the same thing again with
  another key; look it up first.

Each call has a connection of its own. A kept one that the provider closes a moment before would turn a call
that was never sent into an unknown one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import Any, Literal

import httpx

CONNECT_SECONDS = 5.0
READ_SECONDS = 25.0  # of silence; providers that speak to banks take their time
TOTAL_SECONDS = 40.0
MOST_BYTES = 4 * 1024 * 1024
_UNKNOWN_STATUS = frozenset({408, 409, 425})  # 409: the same key is being worked on just now

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Answered:
    """The provider did it. ``json`` is the body read; None when it is no JSON."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case

    @property
    def json(self) -> Any:
        return _read_json(self.body)


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider read it and declined: nothing was done."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return _read_json(self.body)


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing was done, and nothing speaks against asking again. ``reason`` is for logs and staff."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been done. ``status`` is 0 when there was no whole answer."""

    reason: str
    status: int = 0
    body: bytes = b""

    @property
    def json(self) -> Any:
        return _read_json(self.body)


Outcome = Answered | Refused | NotSent | Unknown


def document(outcome: Outcome) -> dict[str, Any]:
    """The JSON object of an answer; an empty one when it is something else, or there is none."""
    read = None if isinstance(outcome, NotSent) else outcome.json
    return read if isinstance(read, dict) else {}


@dataclass(frozen=True, slots=True)
class Door:
    """Where a provider is (``base`` comes from the settings) and how it knows us and our repetitions.

    ``key_header`` carries the idempotency key of a call that changes something: ``PayPal-Request-Id``,
    ``X-idempotence-uuid``; '' for providers that tell repetitions apart by a field of the body.
    """

    base: str
    headers: Mapping[str, str] = field(default_factory=dict)
    key_header: str = "Idempotency-Key"
    basic: tuple[str, str] | None = None  # user and password
    certificate: tuple[str, str] | None = None  # files of a client certificate and its key, for mutual TLS

    def ask(
        self,
        method: Method,
        path: str,
        *,
        key: str = "",
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json: object = None,
        body: bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Outcome:
        """One call; ``form``, ``json`` or ``body`` is what it carries. Raises nothing of the network.

        ``files`` (name, content and type of each) go with a form.
        """
        asked = {**self.headers, **(headers or {})}
        if key and self.key_header:
            asked[self.key_header] = key
        try:
            request = _client(self.certificate).build_request(
                method,
                self.base + path,
                params=query,
                data=form,
                json=json,
                content=body,
                files=files,
                headers=asked,
            )
            auth = httpx.BasicAuth(*self.basic) if self.basic else None
            return _exchange(_client(self.certificate), request, auth)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as fault:
            return NotSent(type(fault).__name__)
        except httpx.HTTPError as fault:
            return Unknown(type(fault).__name__)


def _exchange(client: httpx.Client, request: httpx.Request, auth: httpx.BasicAuth | None) -> Outcome:
    until = monotonic() + TOTAL_SECONDS
    response = client.send(request, auth=auth, stream=True)
    try:
        body = b""
        for part in response.iter_bytes():
            body += part
            if len(body) > MOST_BYTES or monotonic() > until:  # a limit per read lets a server drip for ever
                return Unknown("TooLong", response.status_code)
    finally:
        response.close()
    return _outcome(response.status_code, body, dict(response.headers))


def _outcome(status: int, body: bytes, headers: dict[str, str]) -> Outcome:
    if 200 <= status < 300:
        return Answered(status, body, headers)
    if status == 429:
        return NotSent("429")
    if 400 <= status < 500 and status not in _UNKNOWN_STATUS:
        return Refused(status, body, headers)
    return Unknown(str(status), status, body)


@cache
def _client(certificate: tuple[str, str] | None) -> httpx.Client:
    """Made once: reading the machine's list of authorities takes longer than a call."""
    context = httpx.create_ssl_context(trust_env=False)
    if certificate:
        context.load_cert_chain(*certificate)
    return httpx.Client(
        verify=context,
        trust_env=False,  # no proxies and no passwords of the environment
        follow_redirects=False,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=0),
        headers={"User-Agent": "Tukro", "Accept": "application/json"},
    )


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None

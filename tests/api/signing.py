"""A signer of our own, quick and free in every part, so that tests can send what no SDK would.

It is checked against botocore's in test_signature.py.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

SERVICE = "mturk-requester"
TARGET = "MTurkRequesterServiceV20170117."
SIGNED = ("content-type", "host", "x-amz-date", "x-amz-target")


@dataclass(frozen=True)
class Answer:
    """What came back, with header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def members(self) -> dict[str, Any]:
        members: dict[str, Any] = json.loads(self.body)
        return members

    @property
    def kind(self) -> str:
        return str(self.members.get("__type", ""))


@dataclass
class Call:
    """One request, signed when it is sent; whatever is set here is what goes out."""

    key_id: str
    secret: str
    operation: str = "GetAccountBalance"
    body: bytes = b"{}"
    path: str = "/mturk"
    query: str = ""
    region: str = "us-east-1"
    service: str = SERVICE
    moment: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)  # further ones, or others than usual
    also_signed: tuple[str, ...] = ()
    method: str = "POST"

    def signed(self, host: str) -> dict[str, str]:
        """All headers of the request, Authorization among them."""
        moment = (self.moment or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "host": host,
            "x-amz-date": moment,
            "x-amz-target": TARGET + self.operation,
            **self.headers,
        }
        names = sorted({*SIGNED, *self.also_signed} & headers.keys())
        scope = f"{moment[:8]}/{self.region}/{self.service}/aws4_request"
        request = "\n".join(
            [
                self.method,
                self.path,
                self.query,
                *(f"{name}:{' '.join(headers[name].split(' '))}" for name in names),
                "",
                ";".join(names),
                hashlib.sha256(self.body).hexdigest(),
            ]
        )
        digest = hashlib.sha256(request.encode("latin-1")).hexdigest()
        key = signing_key(self.secret, moment[:8], self.region, self.service)
        signature = hmac.digest(
            key, f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}".encode(), "sha256"
        ).hex()
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.key_id}/{scope}, "
            f"SignedHeaders={';'.join(names)}, Signature={signature}"
        )
        return headers


@lru_cache
def signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def send(url: str, call: Call, changed: Mapping[str, str | None] = MappingProxyType({})) -> Answer:
    """Sign, then change headers behind the signature's back (None takes one away), then send."""
    host = urlsplit(url).netloc
    headers: dict[str, str | None] = {**call.signed(host), **changed}
    return post(url, call.path + (f"?{call.query}" if call.query else ""), headers, call.body, call.method)


def post(url: str, path: str, headers: Mapping[str, str | None], body: bytes, method: str = "POST") -> Answer:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            if value is not None:
                connection.putheader(name, value.encode("latin-1"))
        connection.endheaders(body)
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()

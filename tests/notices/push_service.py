"""A push service of a few lines on the loopback, as RFC 8030 wants one, and a browser that can read its mail.

It checks what real services check: the headers, the signature of the sender against the key of the
subscription, and for whom the token is.
"""

from __future__ import annotations

import json
import secrets
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hmac256(key: bytes, data: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(data)
    return made.finalize()


@dataclass
class Browser:
    """What a browser keeps for one subscription."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """As ``PushSubscription.toJSON()`` gives it."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": b64(self.point), "auth": b64(self.secret)}}

    def read(self, body: bytes) -> bytes:
        """RFC 8291 and 8188 by their formulas, one HMAC after the other: written apart from the sender."""
        salt, size = body[:16], body[20]
        sender, sealed = body[21 : 21 + size], body[21 + size :]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        first = hmac256(self.secret, shared)
        material = hmac256(first, b"WebPush: info\0" + self.point + sender + b"\x01")
        pseudo = hmac256(salt, material)
        content_key = hmac256(pseudo, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = hmac256(pseudo, b"Content-Encoding: nonce\0\x01")[:12]
        padded = AESGCM(content_key).decrypt(nonce, sealed, None)
        return padded.rstrip(b"\0").removesuffix(b"\x02")


class PushService(ThreadingHTTPServer):
    """``sent`` are the bodies taken, by path; ``gone`` paths answer 410, the others ``status``."""

    daemon_threads = True

    def __init__(self, application_key: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.application_key = application_key
        self.sent: dict[str, list[bytes]] = {}
        self.gone: set[str] = set()
        self.status = 201
        self.faults: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.origin}/push/{name}")

    def shown(self, browser: Browser) -> list[dict[str, str]]:
        """What the browser's service worker was given."""
        bodies = self.sent.get(browser.endpoint.removeprefix(self.origin), [])
        return [json.loads(browser.read(body)) for body in bodies]


class _Talk(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self._fault(body)
        if fault:
            self.server.faults.append(fault)
        elif self.path not in self.server.gone and self.server.status < 300:
            self.server.sent.setdefault(self.path, []).append(body)
        status = 403 if fault else 410 if self.path in self.server.gone else self.server.status
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _fault(self, body: bytes) -> str:
        if self.headers["Content-Encoding"] != "aes128gcm" or not (self.headers["TTL"] or "").isdigit():
            return "headers"
        if len(body) > 4096:
            return "too large"
        scheme, _, rest = self.headers["Authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        if scheme != "vapid" or parts["k"] != self.server.application_key:
            return "not the key of the subscription"
        unsigned, _, signature = parts["t"].rpartition(".")
        raw = unb64(signature)
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        known = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
        try:
            known.verify(der, unsigned.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return "signature"
        claims = json.loads(unb64(unsigned.split(".")[1]))
        return "" if claims["aud"] == self.server.origin else "audience"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def push_service(application_key: str) -> Iterator[PushService]:
    """A service that listens inside the block."""
    with PushService(application_key) as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()

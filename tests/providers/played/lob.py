"""Lob, played after its documents: letters, idempotency for 24 hours, metadata, tracking, signed hooks."""

from __future__ import annotations

import base64
import hmac
import json
import re
from typing import Any

from tests.providers.played.server import Call, Contract, Reply

KEY, FROM, HOOK_SECRET = "test_key", "adr_house", "hook-secret"
_PART = re.compile(rb'name="([^"]+)"(?:; filename="[^"]+")?[^\r]*\r\n(?:Content-Type: [^\r]+\r\n)?\r\n', re.S)


class LobContract(Contract):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[dict[str, Any]] = []
        self.keys: dict[str, dict[str, Any]] = {}  # what each idempotency key made
        self.pdfs: list[bytes] = []

    def answer(self, call: Call) -> Reply:
        basic = base64.b64encode(f"{KEY}:".encode()).decode()
        if call.headers.get("authorization") != f"Basic {basic}":
            return _error(401, "unauthorized", "Your API key is not valid.")
        match call.method, call.path.removeprefix("/v1/letters"):
            case "POST", "":
                return self._create(call)
            case "GET", "":
                ours = [one for one in self.letters if _has(one, call.query)]
                return Reply(200, {"object": "list", "count": len(ours), "data": ours})
            case "GET", handle:
                found = [one for one in self.letters if one["id"] == handle.lstrip("/")]
                return Reply(200, found[0]) if found else _error(404, "not_found", "letter not found")
        return _error(404, "unrecognized_endpoint", "no such endpoint")

    def _create(self, call: Call) -> Reply:
        key = call.headers.get("idempotency-key", "")
        if key in self.keys:
            return Reply(200, self.keys[key])
        parts = _parts(call)
        asked = {name: value.decode() for name, value in parts.items() if name != "file"}
        if asked.get("use_type") not in ("operational", "marketing") or asked.get("from") != FROM:
            return _error(422, "invalid", "use_type is required")
        if not parts["file"].startswith(b"%PDF") or asked.get("color") not in ("true", "false"):
            return _error(422, "invalid", "file must be a PDF")
        if len(asked.get("to[address_line1]", "")) > 64 or len(asked["to[name]"]) > 40:
            return _error(422, "invalid", "to.address_line1 length must be less than 64 characters long")
        if asked["to[address_country]"] == "US" and "to[address_state]" not in asked:
            return _error(422, "invalid", "to.address_state is required")
        made = {
            "id": f"ltr_{len(self.letters):016x}",
            "object": "letter",
            "to": {name[3:-1]: value for name, value in asked.items() if name.startswith("to[")},
            "metadata": {"letter": asked["metadata[letter]"]},
            "tracking_events": [],
            "status": "processed",
        }
        self.letters.append(made)
        self.keys[key] = made
        self.pdfs.append(parts["file"])
        return Reply(200, made)

    def happens(self, name: str) -> tuple[bytes, dict[str, str]]:
        """The post says something of the newest letter; the hook that tells of it, body and headers."""
        letter = self.letters[-1]
        letter["tracking_events"].append({"object": "tracking_event", "type": "normal", "name": name})
        event = {"id": "letter." + name.lower().replace(" ", "_"), "resource": "letters"}
        body = json.dumps({"id": "evt_1", "reference_id": letter["id"], "event_type": event}).encode()
        return body, signed(body)


def signed(body: bytes, secret: str = HOOK_SECRET) -> dict[str, str]:
    at = "1797000000000"
    said = hmac.digest(secret.encode(), f"{at}.".encode() + body, "sha256").hex()
    return {"Lob-Signature-Timestamp": at, "Lob-Signature": said}


def _parts(call: Call) -> dict[str, bytes]:
    """The fields of a multipart form."""
    boundary = call.headers["content-type"].split("boundary=")[1].encode()
    found: dict[str, bytes] = {}
    for part in call.body.split(b"--" + boundary):
        if match := _PART.search(part):
            found[match[1].decode()] = part[match.end() :].removesuffix(b"\r\n")
    return found


def _has(letter: dict[str, Any], query: dict[str, str]) -> bool:
    wanted = query.get("metadata[letter]")
    return wanted is None or letter["metadata"]["letter"] == wanted


def _error(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"error": {"message": message, "status_code": status, "code": code}})

"""Stripe Identity as its documents describe it: sessions, states, verified outputs, signed hooks."""

from __future__ import annotations

from typing import Any

from tests.providers.played.server import Call, Reply
from tests.providers.played.stripe import SECRET, StripeContract


class StripeIdentityContract(StripeContract):
    """``show`` is what the person does on Stripe's page."""

    def __init__(self) -> None:
        super().__init__()
        self.checks: dict[str, dict[str, Any]] = {}
        self._by_key: dict[str, str] = {}

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {SECRET}":
            return Reply(401, {"error": {"type": "invalid_request_error"}})
        match call.method, call.path.split("/")[2:]:
            case "POST", ["identity", "verification_sessions"]:
                return self._begin(call)
            case "GET", ["identity", "verification_sessions", name] if name in self.checks:
                shown = dict(self.checks[name])
                if call.query.get("expand[0]") != "verified_outputs":
                    shown.pop("verified_outputs", None)
                return Reply(200, shown)
            case "POST", ["identity", "verification_sessions", name, "redact"] if name in self.checks:
                return self._redact(name)
            case _:
                return Reply(404, {"error": {"code": "resource_missing"}})

    def show(self, name: str, status: str, *, first: str = "", last: str = "", error: str = "") -> None:
        outputs = {"first_name": first, "last_name": last} if status == "verified" else None
        last_error = {"code": error, "reason": "…"} if error else None
        self.checks[name] |= {"status": status, "verified_outputs": outputs, "last_error": last_error}

    def _redact(self, name: str) -> Reply:
        """Allowed while nothing is being looked at; metadata and what was collected go."""
        check = self.checks[name]
        if check.get("redaction") is None and check["status"] not in ("requires_input", "verified"):
            return Reply(400, {"error": {"type": "invalid_request_error"}})
        redaction = {"status": "processing"}
        check |= {"redaction": redaction, "metadata": {}, "verified_outputs": None, "url": None}
        return Reply(200, check)

    def _begin(self, call: Call) -> Reply:
        form, key = call.form, call.headers["idempotency-key"]
        if form.get("type") != "document":
            return Reply(400, {"error": {"code": "parameter_missing"}})
        name = self._by_key.setdefault(key, f"vs_{len(self.checks) + 1}")
        self.checks.setdefault(
            name,
            {
                "id": name,
                "object": "identity.verification_session",
                "status": "requires_input",
                "url": f"https://verify.stripe.example/{name}",
                "metadata": {"check": form["metadata[check]"]},
                "last_error": None,
            },
        )
        return Reply(200, self.checks[name])

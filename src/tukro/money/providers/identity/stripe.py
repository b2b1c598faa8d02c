"""Stripe Identity: the person shows document and face on Stripe's page. (docs.stripe.com/api/identity)"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tukro.money.providers.deposits.contract import Hook
from tukro.money.providers.deposits.stripe import door, is_set_up, is_signed
from tukro.money.providers.identity.contract import Forgot, HookForged, IdentityNews, Place
from tukro.outside.http import Answered, Refused
from tukro.vetting.models import IdentityCheck

_SESSIONS = "/v1/identity/verification_sessions"


class StripeIdentity:
    def is_set_up(self) -> bool:
        return is_set_up()

    def start(self, check: IdentityCheck, *, back: str) -> Place | None:
        form = {
            "type": "document",
            "metadata[check]": check.public_id,
            "options[document][require_matching_selfie]": "true",
            "return_url": back,
        }
        match door().ask("POST", _SESSIONS, key=f"identity-{check.public_id}", form=form):
            case Answered(json={"id": str(reference), "url": str(url)}):
                return Place(reference, url)
            case _:
                return None

    def ask(self, check: IdentityCheck) -> IdentityNews | None:
        path = f"{_SESSIONS}/{check.reference}"
        match door().ask("GET", path, query={"expand[0]": "verified_outputs"}):
            case Answered(json={"status": str(status)} as session):
                pass
            case _:
                return None
        if (session.get("metadata") or {}).get("check") != check.public_id:
            return IdentityNews("refused", why="not_ours")
        match status:
            case "verified":
                said = session.get("verified_outputs") or {}
                names = (said.get("first_name"), said.get("last_name"))
                return IdentityNews("verified", name=" ".join(str(name) for name in names if name))
            case "processing":
                return IdentityNews("waiting")
            case "canceled":
                return IdentityNews("refused", why="canceled")
            case _:
                # Stripe lets people try again on its page; the error says what was wrong last.
                return IdentityNews("open", why=str((session.get("last_error") or {}).get("code", "")))

    def forget(self, check: IdentityCheck) -> Forgot:
        # "Redact a VerificationSession": documents, selfies and reports go within four days, for good.
        path = f"{_SESSIONS}/{check.reference}/redact"
        match door().ask("POST", path, key=f"identity-redact-{check.public_id}", form={}):
            case Answered(json={"redaction": {"status": "processing" | "redacted"}}):
                return "done"
            case Refused(status=400 | 404):  # cancelled before anything was shown, or not there any more
                return "declined"
            case _:
                return "not_reached"

    def about(self, headers: Mapping[str, str], body: bytes) -> str:
        if not is_signed(Hook(headers=headers, body=body)):
            raise HookForged("signature")
        try:
            event = json.loads(body)
            kind, reference = str(event["type"]), str(event["data"]["object"]["id"])
        except (ValueError, KeyError, TypeError) as fault:
            raise HookForged("no event") from fault
        return reference if kind.startswith("identity.verification_session.") else ""

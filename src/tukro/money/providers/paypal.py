"""PayPal's door: a token of one of our apps, kept until it ends, on every call."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from time import monotonic

from django.conf import settings

from tukro.outside.http import Answered, Door, Method, NotSent, Outcome, Refused

_SPARE_SECONDS = 60
_tokens: dict[tuple[str, str], tuple[str, float]] = {}  # by address and client: the token and its end
_lock = threading.Lock()


def ask(
    method: Method,
    path: str,
    *,
    key: str = "",
    query: Mapping[str, str] | None = None,
    json: object = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Outcome:
    """One call with our token. One that PayPal no longer takes is fetched anew, once."""
    for is_last in (False, True):
        token = _token()
        if not isinstance(token, str):
            return token
        door = Door(
            settings.PAYPAL_URL,
            headers={"Authorization": f"Bearer {token}", "Prefer": "return=representation"},
            key_header="PayPal-Request-Id",
        )
        outcome = door.ask(method, path, key=key, query=query, json=json, body=body, headers=headers)
        if not (isinstance(outcome, Refused) and outcome.status == 401) or is_last:
            return outcome
        forget_tokens()
    raise AssertionError("the second answer is given back")


def forget_tokens() -> None:
    with _lock:
        _tokens.clear()


def _token() -> str | Outcome:
    """A token, or why there is none: then the call itself was never sent."""
    place = (settings.PAYPAL_URL, settings.PAYPAL_CLIENT)
    with _lock:
        token, ends = _tokens.get(place, ("", 0.0))
        if token and monotonic() < ends:
            return token
        door = Door(settings.PAYPAL_URL, basic=(settings.PAYPAL_CLIENT, settings.PAYPAL_SECRET))
        match door.ask("POST", "/v1/oauth2/token", form={"grant_type": "client_credentials"}):
            case Answered(json={"access_token": str(token), "expires_in": int(seconds)}):
                _tokens[place] = (token, monotonic() + seconds - _SPARE_SECONDS)
                return token
            case Refused(status=status):
                return NotSent(f"no token: {status}")
            case _:
                return NotSent("no token")

"""AWS Signature Version 4, the checking side. Pure: bytes and text in, a verdict out (mturk-api 1.6).

Nothing is assumed about which headers a client signs: the request says so itself, and what it says is what is
rebuilt from the bytes received. Any region is good; it only takes part in the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, unquote_to_bytes

SERVICE = "mturk-requester"
CLOCK_TOLERANCE = timedelta(minutes=5)
_ALGORITHM = "AWS4-HMAC-SHA256"
_STAMP = "%Y%m%dT%H%M%SZ"
_STAMPED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")
_SPACES = re.compile(r" {2,}")
_MUST_BE_SIGNED = ("host", "x-amz-target")

HeaderOf = Callable[[str], str | None]  # by lower-case name; None when the request has no such header


class SignatureFault(Exception):
    """The request proves nothing. ``kind`` is the name of AWS's exception."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind, self.message = kind, message


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says about its signature, not yet proved."""

    key_id: str
    day: str
    region: str
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str  # the moment of signing, as in the string that was signed


def read_claim(header: HeaderOf, now: datetime) -> Claim:
    """Read Authorization and the date. Raises SignatureFault: missing, incomplete, or of another time."""
    authorization = header("authorization")
    if not authorization:
        raise SignatureFault("MissingAuthenticationTokenException", "Missing Authentication Token")
    algorithm, _, rest = authorization.strip().partition(" ")
    if algorithm != _ALGORITHM:
        raise _incomplete(f"Authorization must begin with '{_ALGORITHM}'.")
    parts = dict(_pair(part) for part in rest.split(","))
    lacking = [name for name in ("Credential", "SignedHeaders", "Signature") if not parts.get(name)]
    if lacking:
        raise _incomplete(" ".join(f"Authorization header requires '{name}' parameter." for name in lacking))
    key_id, day, region = _scope(parts["Credential"])
    signed = tuple(parts["SignedHeaders"].split(";"))
    for name in _MUST_BE_SIGNED:
        if name not in signed:
            raise _incomplete(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    stamp = _stamp(header, day, now)
    return Claim(key_id, day, region, signed, parts["Signature"], stamp)


def signing_key(secret: str, day: str, region: str) -> bytes:
    """The key of one day, region and this service: costs four rounds, so keep it."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, SERVICE, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def check_signature(
    claim: Claim, key: bytes, *, method: str, path: str, query: str, header: HeaderOf, body: bytes
) -> None:
    """Rebuild what was signed and compare, in constant time. Raises SignatureFault."""
    payload = hashlib.sha256(body).hexdigest()
    announced = header("x-amz-content-sha256")
    if announced is not None and not hmac.compare_digest(announced.encode(), payload.encode()):
        raise SignatureFault(
            "InvalidSignatureException", "The value of X-Amz-Content-Sha256 does not match the body."
        )
    request = canonical_request(method, path, query, claim.signed_headers, header, payload)
    scope = f"{claim.day}/{claim.region}/{SERVICE}/aws4_request"
    digest = hashlib.sha256(request).hexdigest()
    text = f"{_ALGORITHM}\n{claim.stamp}\n{scope}\n{digest}"
    wanted = hmac.digest(key, text.encode(), "sha256").hex()
    if not hmac.compare_digest(wanted.encode(), claim.signature.encode()):
        raise SignatureFault(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method. Consult the service documentation for details.",
        )


def canonical_request(
    method: str, path: str, query: str, signed_headers: Sequence[str], header: HeaderOf, payload: str
) -> bytes:
    """The canonical request from what was received. Header values are the bytes as latin-1 text."""
    lines = [method, quote(path, safe="/-_.~"), _canonical_query(query)]
    for name in signed_headers:
        value = header(name)
        if value is None:
            raise _incomplete("A header that 'SignedHeaders' names is not in the request.")
        lines.append(f"{name}:{_SPACES.sub(' ', value.strip())}")
    lines += ["", ";".join(signed_headers), payload]
    return "\n".join(lines).encode("latin-1", "replace")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = (part.partition("=") for part in query.split("&") if part)
    coded = sorted((_coded(name), _coded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in coded)


def _coded(text: str) -> str:
    return quote(unquote_to_bytes(text), safe="-_.~")


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name, value


def _scope(credential: str) -> tuple[str, str, str]:
    """(key id, day, region). A key id has no slash; everything after it has its place."""
    parts = credential.split("/")
    if len(parts) != 5:
        raise _incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
        )
    key_id, day, region, service, end = parts
    if service != SERVICE or end != "aws4_request":
        raise SignatureFault(
            "InvalidSignatureException", f"Credential should be scoped to correct service: '{SERVICE}'."
        )
    return key_id, day, region


def _stamp(header: HeaderOf, day: str, now: datetime) -> str:
    """The moment of signing, near enough to ours and on the day of the scope."""
    stamp, moment = _moment(header)
    if abs(moment - now) > CLOCK_TOLERANCE:
        raise _of_another_time(stamp, moment, now.astimezone(UTC))
    if stamp[:8] != day:
        raise SignatureFault(
            "InvalidSignatureException",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{_plain(day)}' != '{stamp[:8]}', from '{stamp}'.",
        )
    return stamp


def _moment(header: HeaderOf) -> tuple[str, datetime]:
    """The date of the request, as it takes part in the signature and as a moment."""
    given = header("x-amz-date")
    try:
        if given is None:
            moment = parsedate_to_datetime(header("date") or "").astimezone(UTC)
            return moment.strftime(_STAMP), moment
        found = _STAMPED.fullmatch(given)
        if found is not None:
            year, month, day, hour, minute, second = map(int, found.groups())
            return given, datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise _incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")


def _of_another_time(stamp: str, moment: datetime, ours: datetime) -> SignatureFault:
    if moment < ours:
        edge = (ours - CLOCK_TOLERANCE).strftime(_STAMP)
        message = f"Signature expired: {stamp} is now earlier than {edge} ({ours.strftime(_STAMP)} - 5 min.)"
    else:
        edge = (ours + CLOCK_TOLERANCE).strftime(_STAMP)
        at = ours.strftime(_STAMP)
        message = f"Signature not yet current: {stamp} is still later than {edge} ({at} + 5 min.)"
    return SignatureFault("InvalidSignatureException", message)


def _plain(text: str) -> str:
    return text[:20] if text.isascii() else "?"


def _incomplete(message: str) -> SignatureFault:
    return SignatureFault("IncompleteSignatureException", message)

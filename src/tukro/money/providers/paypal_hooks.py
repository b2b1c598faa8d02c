"""Whether a web hook is PayPal's: checked here by its certificate, else by asking PayPal.

PayPal signs ``id|time|our hook's id|CRC32 of the body`` with the key of a certificate that it names by its
address (developer.paypal.com/api/rest/webhooks). The address must be PayPal's; the certificate must be made
out to PayPal's name for messages and lead to a trusted root. Where that cannot be had, PayPal is asked about
the message. One whose certificate is good and whose signature is not is forged, and nobody is asked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import warnings
import zlib
from collections.abc import Mapping
from functools import cache as once
from pathlib import Path
from urllib.parse import urlsplit

import certifi
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate, DNSName, load_pem_x509_certificate, load_pem_x509_certificates
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from django.conf import settings
from django.core.cache import cache

from tukro.money.providers.paypal import ask
from tukro.outside.http import Answered, Door, Refused

_STAMPS = {  # headers of a web hook and what the verification calls them
    "auth_algo": "paypal-auth-algo",
    "cert_url": "paypal-cert-url",
    "transmission_id": "paypal-transmission-id",
    "transmission_sig": "paypal-transmission-sig",
    "transmission_time": "paypal-transmission-time",
}
_CERTIFICATE_PATH = re.compile(r"/v1/notifications/certs/[A-Za-z0-9_-]{1,128}")
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_SIGNER = "messageverificationcerts.{}paypal.com"
_ALGORITHM = "SHA256withRSA"
_KEPT_SECONDS, _MISSED_SECONDS = 24 * 60 * 60, 60
_MOST_BYTES = 64 * 1024  # of a chain of certificates


class NotPayPals(Exception):
    """Nobody at PayPal said this."""


class NobodyCanTell(Exception):
    """Neither the certificate nor PayPal itself can be had just now; PayPal will tell it again."""


def check_signed(headers: Mapping[str, str], body: bytes, *, hook_id: str) -> None:
    """Nothing, when PayPal signed it for our hook ``hook_id``; header names in lower case.

    ``body`` must be as it came, byte for byte. Raises NotPayPals and NobodyCanTell.
    """
    stamps = {name: headers.get(header, "") for name, header in _STAMPS.items()}
    if not hook_id or not all(stamps.values()) or not _is_paypals(stamps["cert_url"]):
        raise NotPayPals("stamps")
    key = _signing_key(stamps["cert_url"]) if stamps["auth_algo"] == _ALGORITHM else None
    if key is None:
        _ask_paypal(stamps, body, hook_id)
    elif not _is_signed(key, stamps, body, hook_id):
        raise NotPayPals("signature")


def _is_paypals(cert_url: str) -> bool:
    """Certificates are fetched from PayPal alone, or from where PayPal is played on this machine."""
    url = urlsplit(cert_url)
    if f"{url.scheme}://{url.netloc}" == settings.PAYPAL_URL:
        return True
    host = url.hostname or ""
    return url.scheme == "https" and (host == "paypal.com" or host.endswith(".paypal.com"))


def _signing_key(cert_url: str) -> RSAPublicKey | None:
    """The key of a certificate that leads to a root; None: it cannot be had, or does not."""
    try:
        leaf, *between = load_pem_x509_certificates(_certificates(cert_url))
        _chain(leaf, between)
        key = leaf.public_key()
    except (ValueError, VerificationError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def _certificates(cert_url: str) -> bytes:
    """The leaf and what is between it and its root, kept for a day; what cannot be had, for a minute."""
    place = "paypal:certificate:" + hashlib.sha256(cert_url.encode()).hexdigest()
    kept: bytes | None = cache.get(place)
    if kept is not None:
        return kept
    url = urlsplit(cert_url)
    if url.username or url.query or not _CERTIFICATE_PATH.fullmatch(url.path):
        return b""
    got = Door(f"{url.scheme}://{url.netloc}").ask("GET", url.path)
    found = got.body if isinstance(got, Answered) and len(got.body) <= _MOST_BYTES else b""
    cache.set(place, found, _KEPT_SECONDS if found else _MISSED_SECONDS)
    return found


def _chain(leaf: Certificate, between: list[Certificate]) -> None:
    name = _SIGNER.format("sandbox." if ".sandbox." in settings.PAYPAL_URL else "")
    verifier = PolicyBuilder().store(_roots(settings.PAYPAL_ROOTS)).build_server_verifier(DNSName(name))
    verifier.verify(leaf, between)


@once
def _roots(path: str) -> Store:
    """Read once: a hundred and fifty certificates take a while."""
    pems = Path(path or certifi.where()).read_bytes()
    return Store([root for each in _PEM.findall(pems) for root in _readable(each)])


def _readable(pem: bytes) -> list[Certificate]:
    """The root, unless it breaks the standard: a few old ones do, and would fail the whole list one day."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return [load_pem_x509_certificate(pem)]
        except (ValueError, UserWarning):
            return []


def _is_signed(key: RSAPublicKey, stamps: Mapping[str, str], body: bytes, hook_id: str) -> bool:
    said = (stamps["transmission_id"], stamps["transmission_time"], hook_id, str(zlib.crc32(body)))
    try:
        signature = base64.b64decode(stamps["transmission_sig"], validate=True)
        key.verify(signature, "|".join(said).encode(), padding.PKCS1v15(), hashes.SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def _ask_paypal(stamps: Mapping[str, str], body: bytes, hook_id: str) -> None:
    """PayPal's own word on it. The body is passed on as it came: PayPal's check is over bytes."""
    known = json.dumps({**stamps, "webhook_id": hook_id})
    asked = known[:-1].encode() + b', "webhook_event": ' + body + b"}"
    headers = {"Content-Type": "application/json"}
    match ask("POST", "/v1/notifications/verify-webhook-signature", body=asked, headers=headers):
        case Answered(json={"verification_status": "SUCCESS"}):
            return
        case Answered() | Refused():
            raise NotPayPals("PayPal does not know it")
        case _:
            raise NobodyCanTell

"""Sealing: secrets that must be readable again (payout details, access keys) are stored encrypted.

AES-256-GCM. The key is derived from the installation's secret, one per purpose, so that a text sealed
for one purpose cannot be opened for another. ``bound_to`` ties a sealed text to its owner: moved to
another person's row it does not open.
"""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12


class SealBroken(ValueError):
    """The sealed text was altered, belongs to someone else, or was sealed with another secret."""


def seal(text: str, *, secret: str, purpose: str, bound_to: str) -> bytes:
    """Encrypt ``text``. Two calls give different bytes; both open."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(secret, purpose).encrypt(nonce, text.encode(), bound_to.encode())
    return _VERSION + nonce + sealed


def unseal(sealed: bytes, *, secret: str, purpose: str, bound_to: str) -> str:
    """Decrypt what ``seal`` made with the same secret, purpose and owner. Raises SealBroken."""
    start = len(_VERSION)
    if not sealed.startswith(_VERSION):
        raise SealBroken("unknown version")
    nonce, body = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
    try:
        return _cipher(secret, purpose).decrypt(nonce, body, bound_to.encode()).decode()
    except (InvalidTag, ValueError):
        raise SealBroken("does not open") from None


@lru_cache(maxsize=16)
def _cipher(secret: str, purpose: str) -> AESGCM:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"tukro " + purpose.encode())
    return AESGCM(derive.derive(secret.encode()))


def keyed_digest(text: str, *, secret: str, purpose: str) -> bytes:
    """32 bytes that tell equal texts and nothing else to whoever does not have the secret."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"tukro digest " + purpose.encode())
    return hmac.digest(derive.derive(secret.encode()), text.encode(), "sha256")

"""The house's signing key, and how keys and signatures are written as text (Multikey)."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"  # multicodec
_LONGEST = 200


class NoKey(ValueError):
    """The text is no public key as we know them."""


def signing_key(secret: str) -> Ed25519PrivateKey:
    """The key of this installation, always the same for one secret."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"tukro work records")
    return Ed25519PrivateKey.from_private_bytes(derive.derive(secret.encode()))


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as a Multikey: ``z6Mk…``."""
    return multibase(_ED25519 + key.public_bytes_raw())


def public_key(text: str) -> Ed25519PublicKey:
    """The key that ``public_text`` wrote. Raises NoKey."""
    try:
        data = from_multibase(text)
        if not data.startswith(_ED25519):
            raise NoKey(text)
        return Ed25519PublicKey.from_public_bytes(data.removeprefix(_ED25519))
    except ValueError:
        raise NoKey(text) from None


def multibase(data: bytes) -> str:
    """Base58 (Bitcoin's alphabet) with its mark ``z``."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = _ALPHABET[rest] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + text


def from_multibase(text: str) -> bytes:
    """Raises ValueError."""
    if not text.startswith("z") or len(text) > _LONGEST:
        raise ValueError(text[:_LONGEST])
    number, digits = 0, text[1:]
    for digit in digits:
        number = number * 58 + _ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")

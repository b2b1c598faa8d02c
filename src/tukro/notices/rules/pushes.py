"""Web push: a message that only the device can read (RFC 8291, 8188), sent in our name (RFC 8292).

The bodies are small and fixed, so they are written here on top of ``cryptography`` and held by the RFC's own
example; the libraries for it bring an HTTP client each, and sending goes through our own guarded one.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PAYLOAD_BYTES = 3000  # services take 4096 with what encryption adds; some take less
LIFETIME = timedelta(hours=24)  # news of yesterday wakes nobody
_WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
_RECORD_BYTES = 4096
_CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def sender_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key that signs for this installation, always the same for one secret."""
    derived = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"tukro push").derive(
        secret.encode()
    )
    return ec.derive_private_key(int.from_bytes(derived, "big") % (_CURVE_ORDER - 1) + 1, ec.SECP256R1())


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """Its public half as browsers want it: ``applicationServerKey``."""
    return _text(_point(key.public_key()))


def authorization(endpoint: str, *, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The header that says who sends: good for this push service, for half a day."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + timedelta(hours=12)).timestamp()),
        "sub": contact,
    }
    unsigned = ".".join(_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(unsigned.encode(), ec.ECDSA(hashes.SHA256())))
    signature = _text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={unsigned}.{signature}, k={public_text(key)}"


def encrypted(
    payload: bytes,
    *,
    public_key: str,
    secret: str,
    once: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """``payload`` for the device whose ``public_key`` and ``secret`` these are. Raises ValueError for keys
    that are none. ``once`` and ``salt`` are new for each message; the RFC's example gives its own."""
    device_point = _bytes(public_key)
    device = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), device_point)
    once, salt = once or ec.generate_private_key(ec.SECP256R1()), salt or secrets.token_bytes(16)
    own_point = _point(once.public_key())
    shared = once.exchange(ec.ECDH(), device)
    info = b"WebPush: info\0" + device_point + own_point
    key_material = HKDF(algorithm=hashes.SHA256(), length=32, salt=_bytes(secret), info=info).derive(shared)
    content_key = _expanded(key_material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _expanded(key_material, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content_key).encrypt(nonce, payload + b"\x02", None)
    header = salt + _RECORD_BYTES.to_bytes(4, "big") + bytes([len(own_point)]) + own_point
    return header + sealed


def are_keys(public_key: str, secret: str) -> bool:
    """Whether a browser gave keys that a message can be encrypted with."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(public_key))
        return len(_bytes(secret)) == 16
    except ValueError:
        return False


def payload_of(*, title: str, text: str, url: str, tag: str, language: str) -> bytes:
    """What the service worker shows; the text is cut where the message would not be carried."""
    known = {"title": title, "body": text, "url": url, "tag": tag, "lang": language}
    while len(body := json.dumps(known, ensure_ascii=False).encode()) > PAYLOAD_BYTES:
        known["body"] = known["body"][: len(known["body"]) * 3 // 4].rstrip() + "…"
    return body


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: never again."""
    return _WAITS[attempts - 1] if attempts <= len(_WAITS) else None


def _expanded(key_material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(key_material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

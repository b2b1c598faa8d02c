"""PayPal's certificates for web hooks, played: a root of our own, one between, a leaf that signs."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CERTIFICATE = "/v1/notifications/certs/CERT-360caa42-fca2a594"
SIGNER = "messageverificationcerts.paypal.com"
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Signer(NamedTuple):
    """``chain``: what PayPal hands out under the address of the certificate; ``root``: who is trusted."""

    key: rsa.RSAPrivateKey
    chain: bytes
    root: bytes

    def stamps(self, body: bytes, *, hook_id: str, at: str) -> dict[str, str]:
        """The headers of a web hook with this body; ``at`` is where PayPal is."""
        known = ("69cd13f0-d67a-11e5-baa3-778b53f4ae55", "2026-11-28T21:00:00Z", hook_id)
        said = "|".join((*known, str(zlib.crc32(body)))).encode()
        signature = self.key.sign(said, padding.PKCS1v15(), hashes.SHA256())
        return {
            "paypal-auth-algo": "SHA256withRSA",
            "paypal-cert-url": at + CERTIFICATE,
            "paypal-transmission-id": known[0],
            "paypal-transmission-sig": base64.b64encode(signature).decode(),
            "paypal-transmission-time": known[1],
        }


@cache
def signer(name: str = SIGNER, *, days: int = 90) -> Signer:
    """Made once for a name: keys take a while. ``days``: how long the leaf is good from today."""
    root_key, between_key = _curve_key(), _curve_key()
    root = _certificate("Root", root_key, "Root", root_key, authority=True)
    between = _certificate("Between", between_key, "Root", root_key, authority=True)
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    leaf = _certificate(name, key, "Between", between_key, authority=False, days=days)
    pems = [each.public_bytes(Encoding.PEM) for each in (leaf, between, root)]
    return Signer(key, pems[0] + pems[1], pems[2])


def trusted(by: Signer, directory: Path) -> str:
    """A file with the signer's root, for the setting."""
    path = directory / "roots.pem"
    path.write_bytes(by.root)
    return str(path)


def _certificate(
    name: str, key: _Key, issuer: str, issuer_key: _Key, *, authority: bool, days: int = 90
) -> x509.Certificate:
    today, usage = (
        datetime.now(UTC),
        x509.KeyUsage(
            digital_signature=not authority,
            content_commitment=False,
            key_encipherment=not authority,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=authority,
            crl_sign=authority,
            encipher_only=False,
            decipher_only=False,
        ),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=200))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if not authority:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return made.sign(issuer_key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())

"""Who we are as an issuer of work records, and with which key (did:web)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tukro.kernel.signing import public_text


def did_of(site: str) -> str:
    """Who we are as an issuer, for the site's address: ``did:web:work.example``."""
    return f"did:web:{quote(urlsplit(site).netloc, safe='')}"


def did_document(site: str, key: Ed25519PublicKey) -> dict[str, Any]:
    """What ``/.well-known/did.json`` says: with which key this house signs."""
    did = did_of(site)
    method = f"{did}#{public_text(key)}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": public_text(key)}
        ],
        "assertionMethod": [method],
    }

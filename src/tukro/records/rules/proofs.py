"""Data Integrity proofs ``eddsa-jcs-2022`` (W3C vc-di-eddsa): made, and checked without a network.

The document is written in one canonical way (RFC 8785), hashed together with what the proof says of itself,
and signed with Ed25519. The proof stands inside the document, so the file stays readable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tukro.kernel.formats import iso
from tukro.kernel.signing import from_multibase, multibase, public_text

Document = dict[str, Any]
SUITE = "eddsa-jcs-2022"


class BadProof(ValueError):
    """The document does not prove itself. ``reason``: ``no_proof``, ``unknown_proof``, ``changed``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def signed(document: Mapping[str, Any], *, key: Ed25519PrivateKey, issuer: str, now: datetime) -> Document:
    """``document`` with its proof, whose verification method is the issuer's id with the key's text."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": iso(now),
        "verificationMethod": f"{issuer}#{public_text(key.public_key())}",
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    signature = key.sign(_hashed(document, options))
    return {**document, "proof": {**options, "proofValue": multibase(signature)}}


def check_proof(document: Mapping[str, Any], *, key: Ed25519PublicKey) -> None:
    """Raises BadProof unless ``key`` signed exactly this document."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise BadProof("no_proof")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    known = (options.get("type"), options.get("cryptosuite"), options.get("proofPurpose"))
    if known != ("DataIntegrityProof", SUITE, "assertionMethod"):
        raise BadProof("unknown_proof")
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    if options.get("@context", unsigned.get("@context")) != unsigned.get("@context"):
        raise BadProof("changed")
    try:
        key.verify(from_multibase(str(proof.get("proofValue"))), _hashed(unsigned, options))
    except (InvalidSignature, ValueError):
        raise BadProof("changed") from None


def key_text_in(document: Mapping[str, Any]) -> str:
    """The key that the proof names, as text; '' when it names none. It says who *claims* to have signed."""
    proof = document.get("proof")
    method = proof.get("verificationMethod", "") if isinstance(proof, dict) else ""
    return method.rpartition("#")[2] if isinstance(method, str) else ""


def _hashed(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """Raises ValueError for what canonical JSON cannot say (huge numbers, half characters)."""
    parts = (rfc8785.dumps(dict(part)) for part in (options, document))
    return b"".join(hashlib.sha256(part).digest() for part in parts)

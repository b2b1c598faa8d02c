"""Check a worker's signed record: tukro record verify FILE [--key z6Mk…] [--status FILE] [--online]

FILE is the JSON or the PDF that the worker brings. No network is asked unless --online is given. Without
--key the file is checked with the key that it names itself; then compare that key with the issuer's. Exit
code 1 when the record does not hold.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

from django.conf import settings

from tukro.kernel.signing import public_text, signing_key
from tukro.records.rules.credentials import Checked, check_record, read_document
from tukro.records.rules.files import record_in
from tukro.records.rules.proofs import BadProof, Document
from tukro.runtime.faults import CannotRun

_SECONDS = 15
_MOST_BYTES = 1_000_000
FAULTS = {
    "unreadable": "there is no work record in this file",
    "no_record": "this is a credential, but not a work record",
    "no_proof": "it carries no signature",
    "unknown_proof": "it is signed in a way that this program does not know",
    "no_key": "the key is no Ed25519 key (z6Mk…)",
    "other_key": "it names another key than the one given",
    "changed": "the signature does not fit: the file was changed, or another key signed it",
    "bad_status": "the list of revocations is not the one that the record names",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="verify")
    verify = verbs.add_parser(
        "verify",
        help="check a record",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--key", default="", help="the issuer's public key, or a file with its did.json")
    verify.add_argument("--status", type=Path, help="the issuer's list of revocations, as a file")
    verify.add_argument("--online", action="store_true", help="fetch the issuer's key and list from its site")
    verify.add_argument("--json", action="store_true", help="answer with one JSON object")


def run(options: argparse.Namespace) -> int:
    try:
        document = record_in(_read(options.file))
        key, status = options.key, read_document(_read(options.status)) if options.status else None
        if key and Path(key).is_file():
            key = _key_of_did(read_document(_read(Path(key))))
        if options.online:
            key = key or _key_of_did(_fetch(_did_address(document)))
            status = status or _fetch(_status_address(document))
        checked = check_record(document, key=key, status=status)
    except BadProof as fault:
        facts: dict[str, Any] = {"holds": False, "reason": fault.reason}
        _answer(facts, f"DOES NOT HOLD: {FAULTS[fault.reason]}.", options.json)
        return 1
    holds = not checked.revoked
    _answer(_facts(checked, holds), _words(checked, key_given=bool(key)), options.json)
    return 0 if holds else 1


def _facts(checked: Checked, holds: bool) -> dict[str, Any]:
    return {
        "holds": holds,
        "revoked": checked.revoked,
        "issuer": checked.issuer,
        "key": checked.key,
        "subject": checked.subject,
    }


def _words(checked: Checked, *, key_given: bool) -> str:
    own = public_text(signing_key(settings.RECORD_KEY).public_key())
    lines = ["TAKEN BACK by its issuer." if checked.revoked else "HOLDS: signed, and unchanged since."]
    lines += [f"Issuer   {checked.issuer}", f"Key      {checked.key}"]
    if not key_given and checked.key != own:
        lines.append("         (named by the file itself: compare it with the issuer's)")
    if checked.revoked is None:
        lines.append("Revoked  not looked at (--status FILE or --online)")
    subject = {name: value for name, value in checked.subject.items() if name not in ("type", "workRecord")}
    for name, value in {**subject, **checked.work}.items():
        lines.append(f"{name:20} {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines)


def _answer(facts: dict[str, Any], words: str, as_json: bool) -> None:
    print(json.dumps(facts, ensure_ascii=False) if as_json else words)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.", mend="Name the file as it is.") from None


def _key_of_did(document: Document) -> str:
    methods = document.get("verificationMethod")
    keys = [one.get("publicKeyMultibase", "") for one in methods or [] if isinstance(one, dict)]
    if not keys:
        raise BadProof("no_key")
    return str(keys[0])


def _did_address(document: Document) -> str:
    """Where did:web says that an issuer's document is."""
    issuer = document.get("issuer")
    did = str(issuer.get("id") if isinstance(issuer, dict) else issuer)
    if not did.startswith("did:web:"):
        raise BadProof("no_key")
    host = unquote(did.removeprefix("did:web:").split(":")[0])
    local = urlsplit(f"//{host}").hostname == "localhost"
    return f"{'http' if local else 'https'}://{host}/.well-known/did.json"


def _status_address(document: Document) -> str:
    place = document.get("credentialStatus")
    return str(place.get("statusListCredential", "")) if isinstance(place, dict) else ""


def _fetch(address: str) -> Document:
    if urlsplit(address).scheme not in ("https", "http"):
        raise BadProof("bad_status")
    try:
        with urlopen(address, timeout=_SECONDS) as answer:
            return read_document(answer.read(_MOST_BYTES))
    except OSError as error:
        raise CannotRun(f"{address} cannot be asked: {error}.", mend="Check without --online.") from None

"""S1-60…62: a worker's record can be taken along, signed, and anyone can check it without us."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tests import cast, make
from tests.make import NOW
from tests.web.joining import signed_in, visitor
from tukro.cli.main import main
from tukro.kernel.signing import from_multibase, multibase, public_key, public_text, signing_key
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.models import Requester, Worker
from tukro.qualifications.models import Qualification
from tukro.records.actions.giving import (
    MOST_A_DAY,
    NameUnknown,
    NothingToTell,
    Shown,
    TooManyRecords,
    give_record,
    take_record_back,
)
from tukro.records.models import WorkRecord
from tukro.records.rules.credentials import check_record
from tukro.records.rules.files import record_in
from tukro.records.rules.proofs import BadProof, check_proof, signed
from tukro.records.rules.status import BITS, encoded, is_set
from tukro.work.actions.reviewing import approve_assignments, reject_assignments

pytestmark = pytest.mark.django_db

# W3C vc-di-eddsa, "Representation: eddsa-jcs-2022": the document, its key and its proof.
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
W3C_DOCUMENT: dict[str, Any] = {
    "@context": W3C_CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{W3C_KEY}#{W3C_KEY}",
        "proofPurpose": "assertionMethod",
        "@context": W3C_CONTEXT,
        "proofValue": (
            "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
        ),
    },
}


def worked(worker: Worker, *, approved: int = 2, rejected: int = 1) -> Worker:
    karim = Requester.objects.filter(user__email="karim@example.org").first() or cast.karim()
    batch = make.batch(of=karim, rows=approved + rejected)
    done = [make.submitted(by=worker, of=batch).public_id for _ in range(approved + rejected)]
    approve_assignments(requester=karim, assignment_ids=done[:approved], now=NOW)
    if rejected:
        reject_assignments(
            requester=karim,
            assignment_ids=done[approved:],
            reason_code="wrong",
            feedback="Not the digit",
            now=NOW,
        )
    return worker


def record_of(worker: Worker, **shown: bool) -> WorkRecord:
    return give_record(worker=worker, shown=Shown(**shown), now=NOW)


def test_the_proof_of_the_w3c_example_holds_and_only_that() -> None:
    check_proof(W3C_DOCUMENT, key=public_key(W3C_KEY))
    changed = copy.deepcopy(W3C_DOCUMENT)
    changed["credentialSubject"]["alumniOf"] = "Another School"
    for document, key in ((changed, W3C_KEY), (W3C_DOCUMENT, public_text(signing_key("x").public_key()))):
        with pytest.raises(BadProof) as fault:
            check_proof(document, key=public_key(key))
        assert fault.value.reason == "changed"


@given(st.binary(max_size=60))
def test_base58_goes_both_ways(data: bytes) -> None:
    assert from_multibase(multibase(data)) == data


@given(st.sets(st.integers(0, BITS - 1), max_size=20))
def test_the_list_says_exactly_which_were_taken_back(bits: set[int]) -> None:
    document = {"credentialSubject": {"encodedList": encoded(bits)}}
    looked_at = bits | {0, 7, 8, BITS - 1}
    assert {bit for bit in looked_at if is_set(document, bit)} == bits


def test_s1_60_the_record_says_what_the_books_say_and_what_the_worker_chose() -> None:
    rahima = worked(cast.rahima())
    kind = make.qualification_type(of=Requester.objects.get())
    Qualification.objects.create(type=kind, worker=rahima, value=90, granted_at=NOW)
    save_contact(user=rahima.user, contact=Contact("রহিমা খাতুন", "Road 5", "1216", "Dhaka", "BD"), now=NOW)
    document = record_of(rahima, name=True).document
    subject = document["credentialSubject"]
    assert (subject["name"], subject["workerId"]) == ("রহিমা খাতুন", rahima.public_id)
    assert subject["workRecord"] == {
        "firstDay": "2026-11-02",
        "lastDay": "2026-11-02",
        "approvedTasks": 2,
        "rejectedTasks": 1,
        "approvalShare": "0.666",
        "requesters": 1,
        "approvedByCategory": {"image": 2},
        "qualifications": [
            {"name": "Reads Bengali", "givenBy": "Karim Studio", "since": "2026-11-02", "value": 90}
        ],
    }
    bare = record_of(rahima, worker_id=False, categories=False, qualifications=False).document
    assert set(bare["credentialSubject"]) == {"type", "workRecord"}
    assert not {"approvedByCategory", "qualifications"} & set(bare["credentialSubject"]["workRecord"])


def test_nothing_is_signed_for_nothing_and_not_without_end() -> None:
    with pytest.raises(NothingToTell):
        record_of(cast.tanvir())
    rahima = worked(cast.rahima(), rejected=0)
    with pytest.raises(NameUnknown):
        record_of(rahima, name=True)
    for _ in range(MOST_A_DAY):
        record_of(rahima)
    with pytest.raises(TooManyRecords):
        record_of(rahima)
    give_record(worker=rahima, shown=Shown(), now=NOW + timedelta(days=1, seconds=1))


def test_a_changed_record_and_a_strangers_signature_are_seen() -> None:
    document = record_of(worked(cast.rahima())).document
    key = check_record(document).key
    better = copy.deepcopy(document)
    better["credentialSubject"]["workRecord"]["approvedTasks"] = 2000
    forged = signed(
        {name: value for name, value in better.items() if name != "proof"},
        key=signing_key("a forger's"),
        issuer=document["issuer"]["id"],
        now=NOW,
    )
    reasons = []
    for attempt in (better, forged, W3C_DOCUMENT):
        with pytest.raises(BadProof) as fault:
            check_record(attempt, key=key)
        reasons.append(fault.value.reason)
    assert reasons == ["changed", "other_key", "no_record"]
    doubled = json.dumps(document).replace('"approvedTasks": 2', '"approvedTasks": 2000, "approvedTasks": 2')
    with pytest.raises(BadProof):
        record_in(doubled.encode())


def test_what_was_taken_back_stands_in_the_public_list() -> None:
    rahima = worked(cast.rahima())
    kept, lost = record_of(rahima), record_of(rahima)
    take_record_back(by=rahima.actor, record_id=lost.public_id, reason="", now=NOW, of=rahima)
    world = visitor()
    status = json.loads(world.get("/records/status/1").content)
    did = json.loads(world.get("/.well-known/did.json").content)
    key = did["verificationMethod"][0]["publicKeyMultibase"]
    assert did["id"] == kept.document["issuer"]["id"] == status["issuer"]
    assert [check_record(one.document, key=key, status=status).revoked for one in (kept, lost)] == [
        False,
        True,
    ]
    assert "This record holds" in world.get(f"/records/{kept.public_id}").content.decode()
    assert "was taken back" in world.get(f"/records/{lost.public_id}").content.decode()
    assert world.get("/records/status/2").status_code == 404


def test_the_worker_makes_downloads_and_takes_back_their_own_only() -> None:
    rahima, tanvir = worked(cast.rahima()), cast.tanvir()
    client = signed_in(rahima.user)
    assert client.post("/record", {"worker_id": "on"}).status_code == 302
    record = WorkRecord.objects.get()
    for kind in ("json", "pdf"):
        file = client.get(f"/record/{record.public_id}/{kind}").content
        assert record_in(file) == record.document
        assert signed_in(tanvir.user).get(f"/record/{record.public_id}/{kind}").status_code == 404
    signed_in(tanvir.user).post(f"/record/{record.public_id}/take_back")
    record.refresh_from_db()
    assert record.revoked_at is None
    client.post(f"/record/{record.public_id}/take_back")
    assert "taken back" in client.get("/record").content.decode()


def test_the_page_that_checks_believes_the_signature_and_not_the_file() -> None:
    document = record_of(worked(cast.rahima())).document
    better = copy.deepcopy(document)
    better["credentialSubject"]["workRecord"]["approvedTasks"] = 2000
    answers = []
    for one in (document, better, {"a": 1}):
        file = SimpleUploadedFile("record.json", json.dumps(one).encode())
        answers.append(visitor().post("/records/check", {"file": file}).status_code)
    assert answers == [200, 422, 422]


def test_the_pdf_is_in_the_readers_language_and_shapes_bengali() -> None:
    rahima = worked(cast.rahima())
    record = record_of(rahima)
    rahima.user.language = "bn"
    rahima.user.save(update_fields=["language"])
    bengali = signed_in(rahima.user).get(f"/record/{record.public_id}/pdf").content
    assert bengali.startswith(b"%PDF-")
    assert len(bengali) < 150_000  # fonts are cut to the letters used
    assert b"NotoSansBengali" in bengali


def test_s1_62_the_command_checks_a_file_on_any_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rahima = worked(cast.rahima())
    record = record_of(rahima)
    key = check_record(record.document).key
    file, list_file = tmp_path / "record.pdf", tmp_path / "status.json"
    file.write_bytes(signed_in(rahima.user).get(f"/record/{record.public_id}/pdf").content)
    assert main(["record", "verify", str(file), "--key", key]) == 0
    assert "HOLDS" in capsys.readouterr().out
    take_record_back(by=rahima.actor, record_id=record.public_id, reason="", now=NOW, of=rahima)
    list_file.write_bytes(visitor().get("/records/status/1").content)
    assert main(["record", "verify", str(file), "--status", str(list_file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["revoked"] is True
    assert main(["record", "verify", str(file), "--key", W3C_KEY]) == 1
    assert "another key" in capsys.readouterr().out

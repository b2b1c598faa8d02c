"""The tus protocol: files come in pieces, go on where they stood, and end as proof files."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from tests import make
from tests.together import together
from tests.web.market import proof_batch, signed_in, taken
from tukro.people.models import Worker
from tukro.questions.proof import Field, Form, Kind
from tukro.web.doors import resumable
from tukro.web.jobs import forget_partial_files
from tukro.web.uploads.keeping import keep_file
from tukro.work.actions.doing.assigning import Accepted
from tukro.work.models import PartialFile, ProofFile
from tukro.work.rules import PARTIAL_FILE_HOURS, PARTIAL_FILES_AT_ONCE

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
WEBM = (
    b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x07\x42\x82\x84webm"
    b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + b"\x1f\x43\xb6\x75\x01" + bytes(5) + b"\x02\x40hi"
)


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def rahima() -> Worker:
    return make.worker()


def picture() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "at home in Khulna"
    Image.effect_noise((60, 40), 90).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def begun(
    client: Client, held: Accepted, *, size: int | None, field: str = "proof", name: str = "মাঠ.jpg"
) -> str:
    """The address of a new upload."""
    answer = asked(client, held, size=size, field=field, name=name)
    assert answer.status_code == 201, answer.content
    return answer.headers["Location"]


def asked(client: Client, held: Accepted, *, size: int | None, field: str, name: str) -> HttpResponse:
    said = {"assignment": held.assignment_id, "field": field, "filename": name}
    pairs = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    length = {"Upload-Defer-Length": "1"} if size is None else {"Upload-Length": str(size)}
    return client.post("/uploads", headers={**TUS, **length, "Upload-Metadata": pairs})  # type: ignore[return-value]  # the client's answer is one


def sent(client: Client, place: str, offset: int, piece: bytes, *, whole: int | None = None) -> HttpResponse:
    length = {} if whole is None else {"Upload-Length": str(whole)}
    return client.patch(  # type: ignore[return-value]  # the client's answer is one
        place,
        piece,
        content_type="application/offset+octet-stream",
        headers={**TUS, **length, "Upload-Offset": str(offset)},
    )


def test_a_file_in_pieces_goes_on_where_it_stood_and_becomes_a_clean_proof(
    rahima: Worker, files: Path
) -> None:
    client, held, content = signed_in(rahima), taken(rahima, proof_batch()), picture()
    place = begun(client, held, size=len(content))
    half = len(content) // 2
    assert sent(client, place, 0, content[:half]).headers["Upload-Offset"] == str(half)
    again = sent(client, place, 0, content[:half])  # the line broke before the answer was heard
    assert again.status_code == 409
    state = client.head(place, headers=TUS)
    assert (state.headers["Upload-Offset"], state.headers["Upload-Length"]) == (str(half), str(len(content)))
    assert "Upload-Expires" in state.headers
    last = sent(client, place, half, content[half:])
    kept = ProofFile.objects.get()
    assert (last.status_code, last.headers["Tukro-File"]) == (204, kept.public_id)
    assert (kept.field, kept.name, kept.media_type) == ("proof", "মাঠ.jpg", "image/jpeg")
    assert b"Khulna" not in (files / kept.path).read_bytes()
    assert list((files / "partial").iterdir()) == []
    assert client.head(place, headers=TUS).headers["Tukro-File"] == kept.public_id


def test_a_recording_tells_its_length_with_the_last_piece_and_is_kept_as_sound(rahima: Worker) -> None:
    form = Form("Read aloud", (Field("voice", Kind.AUDIO, "Your voice"),))
    client, held = signed_in(rahima), taken(rahima, proof_batch(form=form))
    place = begun(client, held, size=None, field="voice", name="voice.webm")
    assert client.head(place, headers=TUS).headers["Upload-Defer-Length"] == "1"
    sent(client, place, 0, WEBM[:20])
    last = sent(client, place, 20, WEBM[20:], whole=len(WEBM))
    assert (last.status_code, ProofFile.objects.get().media_type) == (204, "audio/webm")


@pytest.mark.parametrize(
    ("kind", "words"), [(Kind.AUDIO, "sound recordings only"), (Kind.IMAGE, "pictures only")]
)
def test_what_is_refused_leaves_nothing_behind_and_says_why(
    rahima: Worker, files: Path, kind: Kind, words: str
) -> None:
    content = picture() if kind is Kind.AUDIO else b"%PDF-1.7 text"
    form = Form("Do", (Field("it", kind, "It"),))
    client, held = signed_in(rahima), taken(rahima, proof_batch(form=form))
    place = begun(client, held, size=len(content), field="it")
    answer = sent(client, place, 0, content)
    assert (answer.status_code, words in json.loads(answer.content)["message"]) == (422, True)
    assert (PartialFile.objects.count(), ProofFile.objects.count()) == (0, 0)
    assert [one for one in files.rglob("*") if one.is_file()] == []


def interrupted(monkeypatch: pytest.MonkeyPatch, client: Client, place: str, content: bytes) -> None:
    """All bytes of a file come in, and the server stops before it has looked at them."""
    with monkeypatch.context() as stopping:
        stopping.setattr(resumable, "keep_file", Mock(side_effect=InterruptedError))
        with pytest.raises(InterruptedError):
            sent(client, place, 0, content)


def test_who_did_not_hear_the_last_answer_hears_it_on_asking(
    rahima: Worker, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, held, content = signed_in(rahima), taken(rahima, proof_batch()), picture()
    place = begun(client, held, size=len(content))
    interrupted(monkeypatch, client, place, content)
    for _ in range(2):
        state = client.head(place, headers=TUS)
        assert (state.status_code, state.headers["Upload-Offset"]) == (200, str(len(content)))
        assert state.headers["Tukro-File"] == ProofFile.objects.get().public_id
    assert list((files / "partial").iterdir()) == []


def test_who_did_not_hear_the_refusal_hears_it_on_asking(
    rahima: Worker, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"%PDF-1.7 text"
    form = Form("Do", (Field("it", Kind.IMAGE, "It"),))
    client, held = signed_in(rahima), taken(rahima, proof_batch(form=form))
    place = begun(client, held, size=len(content), field="it")
    interrupted(monkeypatch, client, place, content)
    answer = client.head(place, headers=TUS)
    assert answer.status_code == 422
    assert "pictures only" in unquote(answer.headers["Tukro-Refused"])
    assert (PartialFile.objects.count(), ProofFile.objects.count()) == (0, 0)
    assert [one for one in files.rglob("*") if one.is_file()] == []


def test_bytes_that_were_lost_before_they_were_looked_at_begin_anew(
    rahima: Worker, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, held = signed_in(rahima), taken(rahima, proof_batch())
    place = begun(client, held, size=4)
    interrupted(monkeypatch, client, place, b"some")
    next((files / "partial").iterdir()).unlink()
    assert client.head(place, headers=TUS).status_code == 410
    assert PartialFile.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_the_file_is_looked_at_is_asked_to_wait(
    rahima: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, held, content = signed_in(rahima), taken(rahima, proof_batch()), picture()
    asking, place = signed_in(rahima), begun(client, held, size=len(content))
    meanwhile: list[Any] = []

    def looked_at(**given: Any) -> str:
        meanwhile.extend(together(lambda: asking.head(place, headers=TUS)))
        return keep_file(**given)

    monkeypatch.setattr(resumable, "keep_file", looked_at)
    last = sent(client, place, 0, content)
    assert [(one.status_code, one.headers["Retry-After"]) for one in meanwhile] == [(423, "1")]
    assert last.headers["Tukro-File"] == ProofFile.objects.get().public_id


def test_a_file_without_a_byte_is_refused_when_it_begins(rahima: Worker) -> None:
    client, held = signed_in(rahima), taken(rahima, proof_batch())
    answer = asked(client, held, size=0, field="proof", name="মাঠ.jpg")
    assert (answer.status_code, json.loads(answer.content)["error"]) == (422, "file_empty")
    assert PartialFile.objects.count() == 0


def test_the_protocol_is_kept_to(rahima: Worker) -> None:
    client, held = signed_in(rahima), taken(rahima, proof_batch())
    can = client.options("/uploads")
    assert (can.status_code, can.headers["Tus-Version"], can.headers["Tus-Max-Size"]) == (
        204,
        "1.0.0",
        "20000000",
    )
    place = begun(client, held, size=10)
    assert client.head(place).status_code == 412
    assert asked(client, held, size=20_000_001, field="proof", name="x").status_code == 413
    assert asked(client, held, size=10, field="summary", name="x").status_code == 404
    assert client.post("/uploads", headers={**TUS, "Upload-Length": "ten"}).status_code == 400
    assert client.patch(place, b"x", content_type="text/plain", headers=TUS).status_code == 415
    assert sent(client, place, 0, b"x" * 11).status_code == 413
    assert sent(client, place, 5, b"x").status_code == 409
    assert client.delete(place, headers=TUS).status_code == 204
    assert client.head(place, headers=TUS).status_code == 404


def test_uploads_of_others_do_not_exist_and_one_task_has_so_many_at_once(rahima: Worker) -> None:
    client, held = signed_in(rahima), taken(rahima, proof_batch())
    place = begun(client, held, size=10)
    stranger = signed_in(make.worker())
    assert stranger.head(place, headers=TUS).status_code == 404
    assert sent(stranger, place, 0, b"x").status_code == 404
    assert asked(stranger, held, size=1, field="proof", name="x").status_code == 404
    for _ in range(PARTIAL_FILES_AT_ONCE - 1):
        begun(client, held, size=10)
    assert asked(client, held, size=10, field="proof", name="x").status_code == 429


def test_bytes_that_were_lost_begin_anew(rahima: Worker, files: Path) -> None:
    client, held = signed_in(rahima), taken(rahima, proof_batch())
    place = begun(client, held, size=10)
    next((files / "partial").iterdir()).unlink()
    assert sent(client, place, 0, b"x").status_code == 410
    assert PartialFile.objects.count() == 0


def test_uploads_that_stand_still_for_a_day_go_with_their_bytes(rahima: Worker, files: Path) -> None:
    client, held = signed_in(rahima), taken(rahima, proof_batch())
    sent(client, begun(client, held, size=10), 0, b"some")
    now = timezone.now()
    assert forget_partial_files(now + timedelta(hours=PARTIAL_FILE_HOURS - 1)) == 0
    assert forget_partial_files(now + timedelta(hours=PARTIAL_FILE_HOURS + 1)) == 1
    assert (PartialFile.objects.count(), list((files / "partial").iterdir())) == (0, [])

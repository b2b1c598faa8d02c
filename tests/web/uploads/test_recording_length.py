"""How long a recording lasts is read from the file, asked of it, and shown."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from tests import cast
from tests.web.market import address, proof_batch, signed_in, taken
from tests.web.uploads.test_recordings import box, element
from tukro.questions.proof import Field, Form, Kind
from tukro.web.uploads.lengths import seconds_of
from tukro.web.uploads.recordings import without_tags
from tukro.work.models import ProofFile

SOUNDS = Path(__file__).parent / "sounds"  # 1.6 seconds of a tone, as Chromium's MediaRecorder writes it
WEBM, FRAGMENTS = (SOUNDS / "browser.webm").read_bytes(), (SOUNDS / "browser.m4a").read_bytes()


def wav(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(seconds * 16_000)))
    return out.getvalue()


def mp4(*, scale: int, length: int) -> bytes:
    head = bytes(12) + scale.to_bytes(4, "big") + length.to_bytes(4, "big") + bytes(4)
    track = box(b"trak", box(b"tkhd", bytes(12) + (1).to_bytes(4, "big")), box(b"mdia", box(b"mdhd", head)))
    return box(b"ftyp", b"M4A ") + box(b"moov", track) + box(b"mdat", b"sound")


def ogg(samples: int) -> bytes:
    def page(no: int, flags: int, position: int, body: bytes) -> bytes:
        head = b"OggS\0" + bytes([flags]) + position.to_bytes(8, "little") + b"\1\0\0\0"
        return head + no.to_bytes(4, "little") + bytes(4) + bytes([1, len(body)]) + body

    opus = b"OpusHead\1\1\0\0" + (48_000).to_bytes(4, "little") + bytes(3)
    tags = b"OpusTags" + bytes(8)
    return page(0, 2, 0, opus) + page(1, 0, 0, tags) + page(2, 4, samples, b"sound")


@pytest.mark.parametrize(
    ("content", "media_type", "seconds"),
    [
        (WEBM, "video/webm", 1.6),
        (WEBM, "audio/webm", 1.6),
        (FRAGMENTS, "audio/mp4", 1.6),
        (mp4(scale=44_100, length=44_100 * 75), "audio/mp4", 75),
        (mp4(scale=1000, length=75_500), "video/3gpp", 75.5),
        (wav(2.5), "audio/wav", 2.5),
        (ogg(48_000 * 3), "audio/ogg", 3),
    ],
)
def test_the_length_is_read_from_what_browsers_and_phones_write(
    content: bytes, media_type: str, seconds: float
) -> None:
    assert seconds_of(content, media_type) == pytest.approx(seconds, abs=0.15)
    assert seconds_of(without_tags(content, media_type), media_type) == seconds_of(content, media_type)


@pytest.mark.parametrize(
    "media_type", ["audio/wav", "audio/flac", "audio/mpeg", "audio/mp4", "audio/webm", "audio/amr"]
)
def test_what_does_not_say_and_what_is_broken_has_no_length(media_type: str) -> None:
    for content in (b"", b"sound" * 50, element("1A45DFA3", b"webm"), box(b"moov", b"x" * 30)):
        assert seconds_of(content, media_type) is None
    for content in (WEBM, FRAGMENTS, wav(0.1), ogg(9)):
        for length in range(0, 900, 7):
            seconds_of(content[:length], media_type)


def test_boxes_inside_of_boxes_end_somewhere() -> None:
    nested = box(b"moov")
    for _ in range(3000):
        nested = box(b"moov", nested)
    assert without_tags(nested, "audio/mp4") == nested
    assert seconds_of(nested, "audio/mp4") is None


@pytest.fixture
def files_root(tmp_path: Path) -> Iterator[Path]:
    with override_settings(FILES_ROOT=tmp_path):
        yield tmp_path


@pytest.mark.django_db
def test_a_recording_keeps_to_the_fields_limits_and_its_length_is_shown(files_root: Path) -> None:
    rahima = cast.rahima()
    voice = Field("voice", Kind.AUDIO, "Read aloud", minimum=Decimal(5), maximum=Decimal(8))
    submit = address(taken(rahima, proof_batch(form=Form("Read.", (voice,)))), "submit")
    worker = signed_in(rahima)

    def hand_in(seconds: float) -> str:
        posted = {"voice": SimpleUploadedFile("voice.wav", wav(seconds), "audio/wav"), ":upload": "1"}
        return worker.post(submit, posted, follow=True).content.decode()

    assert "The recording is too short: 3 sec. At least 5 sec are asked for." in hand_in(3)
    assert "The recording is too long: 10 sec. At most 8 sec are asked for." in hand_in(10)
    assert not ProofFile.objects.exists()
    assert not [path for path in files_root.rglob("*") if path.is_file()], "nothing is stored"
    assert "4 sec · " in hand_in(4.4), "a recorder may stop a moment early"
    assert ProofFile.objects.get().seconds == pytest.approx(4.4)

"""Files from strangers: the bytes decide what a file is, and pictures are made anew."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image

from tukro.web import uploads
from tukro.web.uploads import FileEmpty, FileKindRefused, FileTooLarge, ImageTooLarge, receive


def picture(kind: str, size: tuple[int, int] = (12, 8), *, mode: str = "RGB", **extra: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode in {"P", "1", "L"} else "red").save(out, kind, **extra)
    return out.getvalue()


def sent(content: bytes, name: str = "proof.jpg", announced: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=announced)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/png")],
)
def test_a_picture_is_known_by_its_bytes_and_not_by_its_name(kind: str, media_type: str) -> None:
    received = receive(sent(picture(kind), name="cv.exe", announced="text/html"))
    assert (received.name, received.media_type) == ("cv.exe", media_type)
    assert Image.open(io.BytesIO(received.content)).size == (12, 8)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_pictures_of_every_mode_come_through(mode: str) -> None:
    received = receive(sent(picture("PNG", mode=mode) if mode != "I;16" else _sixteen_bits()))
    assert received.media_type == "image/png"


def test_a_recording_loses_its_tags() -> None:
    received = receive(
        sent(b"ID3\x03\0\0\0\0\0\x06Khulna" + b"\xff\xfb\x90\x64" + bytes(200), name="song.mp3")
    )
    assert (received.media_type, received.content[:2]) == ("audio/mpeg", b"\xff\xfb")


def test_where_a_picture_was_taken_is_forgotten() -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home in Khulna"
    received = receive(sent(picture("JPEG", exif=exif)))
    assert b"Khulna" not in received.content


def test_a_picture_lying_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    received = receive(sent(picture("JPEG", (20, 10), exif=exif)))
    assert Image.open(io.BytesIO(received.content)).size == (10, 20)


def test_what_hides_behind_the_pixels_is_dropped() -> None:
    received = receive(sent(picture("PNG") + b"<script>alert(1)</script>"))
    assert b"script" not in received.content


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ImageTooLarge) as refusal:
        receive(sent(picture("PNG", (8000, 5001), mode="1")))
    assert refusal.value.facts == {"limit": 40_000_000}
    with pytest.raises(ImageTooLarge):
        receive(sent(picture("PNG", (1, 70_000), mode="1")))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n%%EOF", "application/pdf"),
        (b"\xff\xfb\x90\x64" + bytes(200), "audio/mpeg"),
        (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + bytes(16) + b"data" + bytes(4), "audio/wav"),
        (b"OggS\x00\x02" + bytes(100), "audio/ogg"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(50), "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + bytes(50), "audio/mp4"),
        (b"#!AMR\n" + bytes(50), "audio/amr"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\x82\x84webm" + bytes(50), "video/webm"),
    ],
)
def test_documents_and_recordings_are_kept_as_they_are(content: bytes, media_type: str) -> None:
    received = receive(sent(content))
    assert (received.media_type, received.content) == (media_type, content)


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><html><script>alert(1)</script></html>",
        b"PK\x03\x04" + bytes(60),
        b"MZ" + bytes(200),
        b"just words",
        "কেবল কথা".encode(),
        picture("PNG")[:40],
    ],
)
def test_pages_archives_programs_and_broken_pictures_are_refused(content: bytes) -> None:
    with pytest.raises(FileKindRefused):
        receive(sent(content, name="innocent.jpg"))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        receive(sent(b""))


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (b"%PDF-1.7\n" + bytes(10_000_000), 10_000_000),
        (picture("PNG") + bytes(8_000_000), 8_000_000),
        (bytes(20_000_001), 20_000_000),
    ],
)
def test_each_kind_has_its_size_limit(content: bytes, limit: int) -> None:
    with pytest.raises(FileTooLarge) as refusal:
        receive(sent(content))
    assert refusal.value.facts == {"limit": limit}


def test_files_are_stored_under_a_random_name_and_can_be_discarded(tmp_path: Path) -> None:
    received = receive(sent(picture("PNG"), name="../../etc/passwd"))
    with override_settings(FILES_ROOT=tmp_path):
        path = uploads.store(received)
        assert path.endswith(".png")
        assert (tmp_path / path).read_bytes() == received.content
        uploads.discard(path)
        assert not (tmp_path / path).exists()


def _sixteen_bits() -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (12, 8)).save(out, "PNG")
    return out.getvalue()

"""Recordings lose what their makers wrote beside the sound, and nothing else."""

from __future__ import annotations

import time

import pytest

from tukro.web.uploads import recordings
from tukro.web.uploads.lengths import seconds_of
from tukro.web.uploads.recordings import without_tags

SECRET = b"23.8103,90.4125 Rahima"


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def element(kind: str, body: bytes, *, size: bytes = b"") -> bytes:
    return bytes.fromhex(kind) + (size or b"\x01" + len(body).to_bytes(7, "big")) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def block(kind: int, body: bytes, *, last: bool = False) -> bytes:
    return bytes([kind | (0x80 if last else 0)]) + len(body).to_bytes(3, "big") + body


WAVE = (
    b"RIFF"
    + bytes(4)
    + b"WAVE"
    + chunk(b"LIST", SECRET)
    + chunk(b"fmt ", b"f" * 16)
    + chunk(b"data", b"sound")
)
FLAC = b"fLaC" + block(0, b"streaminfo") + block(4, SECRET) + block(6, SECRET, last=True) + b"sound"
MP3 = b"ID3\x04\0\0\0\0\0\x16" + SECRET + b"\xff\xfbsound" + b"TAG" + SECRET.ljust(125, b"\0")
MP4 = (
    box(b"ftyp", b"isom")
    + box(
        b"moov", box(b"trak", box(b"mdia", b"m"), box(b"meta", SECRET)), box(b"udta", box(b"\xa9xyz", SECRET))
    )
    + box(b"mdat", b"sound")
)
WEBM = element("1A45DFA3", b"webm") + element(
    "18538067",
    element("1549A966", b"info") + element("1254C367", SECRET) + element("1F43B675", b"sound"),
    size=b"\x01\xff\xff\xff\xff\xff\xff\xff",  # unknown, as browsers write it
)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (WAVE, "audio/wav"),
        (FLAC, "audio/flac"),
        (MP3, "audio/mpeg"),
        (MP4, "video/mp4"),
        (MP4, "audio/mp4"),
        (WEBM, "audio/webm"),
        (WEBM, "video/webm"),
    ],
)
def test_tags_are_gone_and_the_sound_stays(content: bytes, media_type: str) -> None:
    clean = without_tags(content, media_type)
    assert SECRET not in clean
    assert SECRET[:4] not in clean
    assert b"sound" in clean
    assert without_tags(clean, media_type) == clean


def test_what_is_found_by_its_place_keeps_it() -> None:
    assert without_tags(MP4, "audio/mp4").index(b"sound") == MP4.index(b"sound")
    assert without_tags(WEBM, "audio/webm").index(b"sound") == WEBM.index(b"sound")


@pytest.mark.parametrize(
    "media_type", ["audio/wav", "audio/flac", "audio/mpeg", "audio/mp4", "audio/webm", "audio/ogg"]
)
@pytest.mark.parametrize("content", [WAVE, FLAC, MP3, MP4, WEBM])
def test_a_recording_that_is_cut_off_anywhere_breaks_nothing(content: bytes, media_type: str) -> None:
    for length in range(0, len(content), 3):
        without_tags(content[:length], media_type)


NO_ID3 = b"ID3\3\0\0\0\0\0\0"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (NO_ID3 * 500_000 + b"sound", "audio/mpeg"),
        (b"RIFF\0\0\0\0WAVE" + chunk(b"fmt ", b"") * 400_000, "audio/wav"),
    ],
    ids=["mp3", "wav"],
)
def test_many_parts_do_not_cost_a_copy_of_the_rest_each(content: bytes, media_type: str) -> None:
    began = time.process_time()
    without_tags(content, media_type)
    seconds_of(content, media_type)
    assert time.process_time() - began < 15  # it would be minutes


@pytest.mark.parametrize(
    ("part", "last", "media_type"),
    [
        (NO_ID3, NO_ID3, "audio/mpeg"),
        (box(b"free"), box(b"udta", SECRET), "video/mp4"),
        (b"\xec\x80", element("1254C367", SECRET), "video/webm"),
    ],
    ids=["mp3", "mp4", "webm"],
)
def test_the_walk_ends_where_there_are_more_parts_than_a_recording_has(
    part: bytes, last: bytes, media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "_PARTS_AT_MOST", 3)
    assert last not in without_tags(part * 2 + last + b"sound", media_type)
    assert last in without_tags(part * 3 + last + b"sound", media_type)


@pytest.mark.parametrize(
    ("head", "part", "sound", "media_type"),
    [
        (b"RIFF\0\0\0\0WAVE", chunk(b"fmt ", b""), chunk(b"data", b"sound"), "audio/wav"),
        (b"fLaC", block(3, b""), block(1, b"sound", last=True), "audio/flac"),
    ],
    ids=["wav", "flac"],
)
def test_what_lies_behind_more_parts_than_a_recording_has_is_not_kept(
    head: bytes, part: bytes, sound: bytes, media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "_PARTS_AT_MOST", 3)
    assert b"sound" in without_tags(head + part * 2 + sound, media_type)
    assert b"sound" not in without_tags(head + part * 3 + sound, media_type)

"""Tags of sound and video recordings, taken out: phones write where they were, and players who owns them.

What is played is not touched, so nothing is decoded here: only the boxes around it are walked. Where a file's
structure ends unexpectedly, as of a recording that was cut off, the walk ends with it. So it does where there
are more parts than any recording has: each costs time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

_PARTS_AT_MOST = 200_000


def without_tags(content: bytes, media_type: str) -> bytes:
    """The same recording without its tags. Containers that are not known here stay as they are."""
    match media_type.split("/")[1]:
        case "mpeg" | "aac":
            return _without_id3(content)
        case "wav":
            return _wave(content)
        case "flac":
            return _flac(content)
        case "mp4" | "3gpp":
            return _mp4(content)
        case "webm":
            return _webm(content)
    return content


def _without_id3(content: bytes) -> bytes:
    """ID3v2 stands in front, ID3v1 in the last 128 bytes. Sizes have seven bits in each byte."""
    at = 0
    for _ in range(_PARTS_AT_MOST):
        if content[at : at + 3] != b"ID3" or len(content) - at <= 10:
            break
        sizes = zip(content[at + 6 : at + 10], (21, 14, 7, 0), strict=True)
        size = sum((byte & 0x7F) << shift for byte, shift in sizes)
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    end = len(content) - (128 if content[-128:-125] == b"TAG" else 0)
    return content[at:end]


_WAVE_PLAYED = {b"fmt ", b"fact", b"data"}


def _wave(content: bytes) -> bytes:
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return content
    chunks, at = [], 12
    for _ in range(_PARTS_AT_MOST):
        if at + 8 > len(content):
            break
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if content[at : at + 4] in _WAVE_PLAYED:
            chunks.append(content[at:end])
        at = end
    kept = b"".join(chunks)
    return b"RIFF" + (4 + len(kept)).to_bytes(4, "little") + b"WAVE" + kept


_FLAC_TAGS = {4, 6, 2}  # comments, pictures, what applications write


def _flac(content: bytes) -> bytes:
    if content[:4] != b"fLaC":
        return content
    blocks, at, last = [], 4, False
    for _ in range(_PARTS_AT_MOST):
        if last or at + 4 > len(content):
            break
        last, kind = bool(content[at] & 0x80), content[at] & 0x7F
        end = at + 4 + int.from_bytes(content[at + 1 : at + 4], "big")
        if kind not in _FLAC_TAGS:
            blocks.append(bytes([kind]) + content[at + 1 : end])
        at = end
    if not blocks:
        return content
    blocks[-1] = bytes([blocks[-1][0] | 0x80]) + blocks[-1][1:]
    return content[:4] + b"".join(blocks) + (content[at:] if last else b"")


_MP4_TAGS = {b"udta", b"meta", b"uuid"}
_MP4_DEPTH = 8  # no player finds anything deeper
_MP4_ENTERED = {b"moov", b"trak", b"moof", b"traf", b"mdia", b"mvex"}


def _mp4(content: bytes) -> bytes:
    """Boxes of tags become free space of the same size: what is played is found by its place in the file."""
    kept = bytearray(content)
    for start, body, end, kind in islice(boxes(kept, 0, len(kept)), _PARTS_AT_MOST):
        if kind in _MP4_TAGS:
            kept[start + 4 : start + 8] = b"free"
            kept[body:end] = bytes(end - body)
    return bytes(kept)


def boxes(content: bytearray, at: int, until: int, depth: int = 0) -> Iterator[tuple[int, int, int, bytes]]:
    """Start, body, end and kind of every box, and of what is inside of those that tell of tracks."""
    while at + 8 <= until:
        size, kind, head = int.from_bytes(content[at : at + 4], "big"), bytes(content[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        end = until if size == 0 else at + size
        if (size and size < head) or end > until:
            return
        yield at, at + head, end, kind
        if kind in _MP4_ENTERED and depth < _MP4_DEPTH:
            yield from boxes(content, at + head, end, depth + 1)
        at = end


_SEGMENT, _TAGS, _ATTACHMENTS, _VOID = 0x18538067, 0x1254C367, 0x1941A469, 0xEC


def _webm(content: bytes) -> bytes:
    """Elements of tags become a void of the same length."""
    kept, at = bytearray(content), 0
    until = len(kept)
    for _ in range(_PARTS_AT_MOST):
        if at >= until or (found := element(kept, at)) is None:
            break
        kind, body, size = found
        if kind == _SEGMENT:  # its length may be unknown; what is in it stands side by side
            at = body
            continue
        end = until if size is None else min(body + size, until)
        if kind in (_TAGS, _ATTACHMENTS) and size is not None and end - at >= 9:
            kept[at:end] = b"\xec\x01" + (end - at - 9).to_bytes(7, "big") + bytes(end - at - 9)
        if size is None:  # a cluster that is still being written, and nothing behind it but clusters
            break
        at = end
    return bytes(kept)


def element(content: bytearray, at: int) -> tuple[int, int, int | None] | None:
    """Kind, place of the body and its size (None: unknown) of the element here."""
    width = 9 - content[at].bit_length()
    if width > 4 or at + width >= len(content):
        return None
    kind = int.from_bytes(content[at : at + width], "big")
    at += width
    width = 9 - content[at].bit_length()
    if width > 8 or at + width > len(content):
        return None
    size = int.from_bytes(content[at : at + width], "big") & ((1 << 7 * width) - 1)
    unknown = size == (1 << 7 * width) - 1
    return kind, at + width, None if unknown else size

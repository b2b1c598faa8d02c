"""How long a recording lasts, read from its container; nothing is decoded.

Browsers write while they record, and so leave no length at the beginning: of WebM the times of the blocks say
it, of MP4 in fragments the fragments. What is neither is read by tinytag. The figure is as honest as the
file: whoever lies in it is heard by the reviewer.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Final

from tinytag import TinyTag

from tukro.web.uploads.recordings import boxes, element

_BLOCKS_AT_MOST: Final = 400_000  # half an hour of sound and pictures has less; more is no recording


def seconds_of(content: bytes, media_type: str) -> float | None:
    """Seconds of sound or pictures; None when the file does not say."""
    try:
        match media_type.split("/")[1]:
            case "webm":
                length = _webm(bytearray(content))
            case "mp4" | "3gpp":
                length = _mp4(bytearray(content))
            case "mpeg" | "wav" | "ogg" | "flac":
                length = TinyTag.get(file_obj=io.BytesIO(content), tags=False).duration
            case _:
                length = None
    except Exception:
        return None
    return round(length, 2) if length and 0 < length < 1e7 else None


_SEGMENT, _CLUSTER, _INFO = 0x18538067, 0x1F43B675, 0x1549A966
_SCALE, _TIME, _GROUP, _SIMPLE, _BLOCK = 0x2AD7B1, 0xE7, 0xA0, 0xA3, 0xA1
_ENTERED: Final = {_SEGMENT, _CLUSTER, _INFO, _GROUP}


def _webm(content: bytearray) -> float | None:
    """The time of the last block, and once more its distance from the one before."""
    at, until, scale, cluster = 0, len(content), 1_000_000, 0
    last = before = 0
    for _ in range(_BLOCKS_AT_MOST):
        if at >= until or (found := element(content, at)) is None:
            return (2 * last - before) * scale / 1e9 if last else None
        kind, body, size = found
        if kind in _ENTERED:
            at = body
            continue
        if size is None:
            return None
        if kind == _SCALE:
            scale = int.from_bytes(content[body : body + size], "big")
        elif kind == _TIME:
            cluster = int.from_bytes(content[body : body + size], "big")
        elif kind in (_SIMPLE, _BLOCK) and body + 4 <= until:
            width = 9 - content[body].bit_length()  # of the track's number, which stands before the time
            time = cluster + int.from_bytes(content[body + width : body + width + 2], "big", signed=True)
            if time > last:
                before, last = last, time
        at = body + size
    return None


@dataclass(slots=True)
class _Track:
    scale: int = 0
    whole: int = 0  # as its header says
    usual: int = 0  # of one sample, where a fragment says nothing else
    end: int = 0  # of its fragments so far

    @property
    def seconds(self) -> float:
        return max(self.whole, self.end) / self.scale if self.scale else 0


def _mp4(content: bytearray) -> float | None:
    tracks: dict[int, _Track] = {}
    track, usual, at_sample = _Track(), 0, 0
    for no, (_start, body, end, kind) in enumerate(boxes(content, 0, len(content))):
        if no > _BLOCKS_AT_MOST:
            return None
        inside = content[body:end]
        match kind:
            case b"tkhd":
                track = tracks.setdefault(_number(inside, 20 if inside[0] else 12), _Track())
            case b"mdhd":
                track.scale = _number(inside, 20 if inside[0] else 12)
                track.whole = _number(inside, 24, 8) if inside[0] else _number(inside, 16)
                if track.whole in (2**32 - 1, 2**64 - 1):  # not known
                    track.whole = 0
            case b"trex":
                tracks.setdefault(_number(inside, 4), _Track()).usual = _number(inside, 12)
            case b"tfhd":
                track = tracks.setdefault(_number(inside, 4), _Track())
                usual, at_sample = _usual(inside, track), track.end
            case b"tfdt":
                at_sample = _number(inside, 4, 8 if inside[0] else 4)
            case b"trun":
                at_sample += _run(inside, usual)
                track.end = max(track.end, at_sample)
    return max((one.seconds for one in tracks.values()), default=None)


def _number(inside: bytearray, at: int, width: int = 4) -> int:
    return int.from_bytes(inside[at : at + width], "big")


def _usual(tfhd: bytearray, track: _Track) -> int:
    """How long a sample of this fragment is: optional numbers stand before it, by the flags."""
    flags = _number(tfhd, 1, 3)
    if not flags & 0x8:
        return track.usual
    return _number(tfhd, 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0))


def _run(trun: bytearray, usual: int) -> int:
    """All samples of a run together."""
    flags, count = _number(trun, 1, 3), _number(trun, 4)
    if not flags & 0x100:
        return count * usual
    at = 8 + (4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0)
    width = 4 * (flags & 0xF00).bit_count()
    rows = range(at, min(at + count * width, len(trun) - 3), width)
    return sum(struct.unpack_from(">I", trun, row)[0] for row in rows)

"""Files from strangers: what they really are, made harmless, and kept outside the web root.

The name and the announced type of a file are not believed. Pictures are decoded and written anew, which drops
metadata (a phone writes where it was) and anything that hid behind the pixels. Recordings
lose their tags. Documents and recordings are kept under a type that was read from their first bytes, and are
only ever served with headers that keep a browser from running them (``tukro.web.doors.files``).
"""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from tukro.kernel.errors import Refused
from tukro.web.uploads.lengths import seconds_of
from tukro.web.uploads.recordings import without_tags

MAX_IMAGE_BYTES = 8_000_000
MAX_IMAGE_PIXELS = 40_000_000
_MAX_IMAGE_SIDE = 65_535  # as JPEG has it; millions of rows, of one pixel each, take a PNG many seconds
MAX_PDF_BYTES = 10_000_000
MAX_RECORDING_BYTES = 20_000_000

_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
# What first bytes may look like, by the ending that puremagic gives them; the media type is ours.
_RECORDINGS = {
    ".mp3": "audio/mpeg",
    ".mpga": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".amr": "audio/amr",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".flac": "audio/flac",
    ".mp4": "video/mp4",
    ".3gp": "video/3gpp",
    ".webm": "video/webm",
}
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    **{media_type: ending[1:] for ending, media_type in reversed(_RECORDINGS.items())},
}
# A file that could also be one of these is none of the above.
_NEVER = {
    ".svg",
    ".html",
    ".htm",
    ".xml",
    ".js",
    ".zip",
    ".docx",
    ".jar",
    ".apk",
    ".exe",
    ".gz",
    ".rar",
    ".7z",
}


class BadFile(Refused):
    """A file that is not taken, for one of the reasons below."""


class FileEmpty(BadFile):
    """There are no bytes in it."""


class FileTooLarge(BadFile):
    """``limit``: bytes that a file of this kind may have."""


class FileKindRefused(BadFile):
    """Neither a picture, a PDF nor a recording, or one that cannot be read."""


class ImageTooLarge(BadFile):
    """``limit``: pixels that a picture may have."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was looked at: its harmless bytes and what they are."""

    name: str  # as the person called it; a label, never a path
    media_type: str
    content: bytes
    seconds: float | None = None  # of a recording, as far as it says

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def receive(upload: UploadedFile[bytes]) -> Received:
    """Find out what ``upload`` is and make it harmless.

    Raises FileEmpty, FileTooLarge, FileKindRefused, ImageTooLarge. Writes nothing.
    """
    size = upload.size or 0
    if size == 0:
        raise FileEmpty
    if size > MAX_RECORDING_BYTES:
        raise FileTooLarge(limit=MAX_RECORDING_BYTES)
    content = upload.read()
    name = (upload.name or "")[-200:]
    if (image := _as_image(content)) is not None:
        media_type, clean = image
        return Received(name, media_type, clean)
    if content.startswith(b"%PDF-"):
        return Received(name, "application/pdf", _at_most(content, MAX_PDF_BYTES))
    media_type = _recording_type(content)
    clean = without_tags(_at_most(content, MAX_RECORDING_BYTES), media_type)
    return Received(name, media_type, clean, seconds_of(clean, media_type))


def store(received: Received) -> str:
    """Write the bytes under a random name; returns the path below ``settings.FILES_ROOT``.

    The caller records the path in a row, or discards the bytes when the row is refused.
    """
    name = secrets.token_hex(20)
    path = Path(name[:2]) / f"{name}.{_ENDINGS.get(received.media_type, 'bin')}"
    target = settings.FILES_ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as file:
        file.write(received.content)
    return str(path)


def discard(path: str) -> None:
    """Remove stored bytes whose row was refused."""
    (settings.FILES_ROOT / path).unlink(missing_ok=True)


def _as_image(content: bytes) -> tuple[str, bytes] | None:
    """Media type and fresh bytes of a picture; None when it is no picture at all."""
    try:
        with Image.open(io.BytesIO(content), formats=list(_IMAGES)) as image:
            _at_most(content, MAX_IMAGE_BYTES)
            if image.width * image.height > MAX_IMAGE_PIXELS or max(image.size) > _MAX_IMAGE_SIDE:
                raise ImageTooLarge(limit=MAX_IMAGE_PIXELS)
            return _written_anew(image)
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise FileKindRefused from None


def _written_anew(image: Image.Image) -> tuple[str, bytes]:
    # A moving picture keeps its first frame; proof is a still.
    kind = "PNG" if image.format == "GIF" else str(image.format)
    ImageOps.exif_transpose(image, in_place=True)  # one copy less of what may be large
    upright = image
    if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    elif upright.mode not in {"RGB", "RGBA", "L", "LA", "P", "1"}:
        upright = upright.convert("RGBA")
    fresh = Image.new(upright.mode, upright.size)
    if upright.mode == "P" and (palette := upright.getpalette()):
        fresh.putpalette(palette)
    fresh.paste(upright)
    out = io.BytesIO()
    fresh.save(out, kind, **({"quality": 88} if kind != "PNG" else {}))
    return _IMAGES[kind], out.getvalue()


def _recording_type(content: bytes) -> str:
    try:
        endings = [match.extension for match in puremagic.magic_string(content)]
    except (puremagic.PureError, ValueError):
        raise FileKindRefused from None
    if _NEVER.intersection(endings):
        raise FileKindRefused
    for ending in endings:
        if ending in _RECORDINGS:
            return _RECORDINGS[ending]
    raise FileKindRefused


def _at_most(content: bytes, limit: int) -> bytes:
    if len(content) > limit:
        raise FileTooLarge(limit=limit)
    return content

"""Which encoding a file is written in: certain for Unicode, careful for everything else.

A file that is not Unicode is read only when it can hardly be anything but Windows-1252 (a handful of accented
letters among plain ones). Guessing wrong would turn Bengali into rubbish that workers are then paid to read.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tukro.campaigns.rules.faults import Fault, Unreadable
from tukro.kernel.csv_lines import NO_TEXTS, WORKBOOKS

_CHUNK = 1 << 16
_BYTE_ORDER_MARKS = (  # the longer first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What may stand outside ASCII in a Windows-1252 text of a European language.
_WESTERN_LETTERS = frozenset("ŠšŽžŒœŸ" + "".join(chr(c) for c in range(0xC0, 0x100) if c not in {0xD7, 0xF7}))
_WESTERN_SIGNS = frozenset("€‚„…‘’“”•–—™\u00a0¡£¥§©«®°·»¼½¾¿ªº")
_MOST_ACCENTED_OF_ALL_LETTERS = 0.3


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class _BadByte:
    line: int
    offset: int
    byte: int


def detect_encoding(file: BinaryIO) -> Encoding:
    """Read the whole file once and name its encoding; leaves the file at its start. Raises Unreadable."""
    file.seek(0)
    head = file.read(4096)
    if not head:
        raise Unreadable(Fault(0, "", "empty_file"))
    if head.startswith(WORKBOOKS):
        raise Unreadable(Fault(0, "", "spreadsheet_file"))
    if head.startswith(NO_TEXTS):
        raise Unreadable(Fault(0, "", "not_text"))
    name = _marked(head) or _zero_pattern(head) or "utf-8"
    bad = _first_bad_byte(file, name)
    if bad is None:
        file.seek(0)
        return Encoding(name)
    if name == "utf-8" and _is_western(file):
        file.seek(0)
        return Encoding("cp1252", is_guessed=True)
    facts = {"offset": bad.offset, "byte": f"{bad.byte:02X}", "tried": name.removesuffix("-sig").upper()}
    raise Unreadable(Fault(bad.line, "", "encoding_unknown", facts))


def _marked(head: bytes) -> str:
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    return ""


def _zero_pattern(head: bytes) -> str:
    """UTF-16 without its mark: Latin text leaves every second byte zero."""
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > 0.4 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * half:
        return "utf-16-be"
    return ""


def _first_bad_byte(file: BinaryIO, name: str) -> _BadByte | None:
    decoder = codecs.getincrementaldecoder(name)()
    line, read = 1, 0
    for chunk in _chunks(file):
        read += len(chunk)
        try:
            line += decoder.decode(chunk).count("\n")
        except UnicodeDecodeError as error:
            return _bad_byte(error, line, read)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return _bad_byte(error, line, read)
    return None


def _bad_byte(error: UnicodeDecodeError, line: int, read: int) -> _BadByte:
    good = error.object[: error.start].decode(error.encoding, errors="ignore")
    offset = read - len(error.object) + error.start
    return _BadByte(line + good.count("\n"), offset, error.object[error.start])


def _is_western(file: BinaryIO) -> bool:
    """Whether the file reads well as Windows-1252: accented letters are few and stand among plain ones."""
    plain = accented = 0
    for chunk in _chunks(file):
        try:
            text = chunk.decode("cp1252")
        except UnicodeDecodeError:
            return False
        for char in text:
            if char in _WESTERN_LETTERS:
                accented += 1
            elif char.isascii():
                plain += char.isalpha()
            elif char not in _WESTERN_SIGNS:
                return False
    return accented <= _MOST_ACCENTED_OF_ALL_LETTERS * (plain + accented)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk

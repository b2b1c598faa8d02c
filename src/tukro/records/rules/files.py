"""A work record in whatever file it comes: the JSON itself, or a PDF that carries it."""

from __future__ import annotations

import re
import zlib

from tukro.records.rules.credentials import KIND, MOST_BYTES, read_document
from tukro.records.rules.proofs import BadProof, Document

MOST_PDF_BYTES = 5_000_000
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def record_in(data: bytes) -> Document:
    """The record that a file holds. Raises BadProof (``unreadable``).

    Of a PDF only the attachment counts: the page that people see is not what was signed.
    """
    if not data.startswith(b"%PDF-"):
        return read_document(data)
    for found in _STREAM.finditer(data[:MOST_PDF_BYTES]):
        document = _json_in(found[1])
        if document is not None:
            return document
    raise BadProof("unreadable")


def _json_in(stream: bytes) -> Document | None:
    try:
        plain = stream if stream.startswith(b"{") else zlib.decompressobj().decompress(stream, MOST_BYTES)
        document = read_document(plain) if plain.startswith(b"{") else None
    except (zlib.error, BadProof):
        return None
    return document if document is not None and KIND in str(document.get("type")) else None

"""From what a browser posted to what is stored, and from there to the wire's XML (mturk-api 12.2, 8.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

# The frame's own parameters come back with the answer and are never part of it; the last is the name of
# our own forms' protection against forged posts.
RESERVED_NAMES = frozenset({"assignmentId", "hitId", "workerId", "turkSubmitTo", "csrfmiddlewaretoken"})
JOINED_WITH = "|"
MAX_FIELDS = 1000
MAX_BYTES = 1_048_576

ANSWERS_NAMESPACE = (
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd"
)
# Everything that XML 1.0 has no place for: most control characters, surrogates, U+FFFE and U+FFFF.
_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
# PostgreSQL's jsonb can store neither NUL nor half a surrogate pair.
_NOT_STORABLE = re.compile("[\\x00\\ud800-\\udfff]")


class AnswerTooLarge(ValueError):
    """More fields or bytes than one answer may hold; ``limit`` is the one that was passed."""

    def __init__(self, limit: int, unit: str) -> None:
        super().__init__(f"more than {limit} {unit}")
        self.limit, self.unit = limit, unit


def stored_fields(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields to keep of a posted form: reserved names dropped, one pair per name, in posted order.

    A name that was posted more than once (check boxes) keeps its first position and all its values,
    joined with ``|``. Raises AnswerTooLarge.
    """
    joined: dict[str, list[str]] = {}
    size = 0
    for name, value in pairs:
        if name in RESERVED_NAMES or not name:
            continue
        joined.setdefault(_storable(name), []).append(_storable(value))
        size += len(name.encode(errors="replace")) + len(value.encode(errors="replace"))
        if size > MAX_BYTES:
            raise AnswerTooLarge(MAX_BYTES, "bytes")
        if len(joined) > MAX_FIELDS:
            raise AnswerTooLarge(MAX_FIELDS, "fields")
    return [(name, JOINED_WITH.join(values)) for name, values in joined.items()]


def answers_xml(fields: Iterable[tuple[str, str]]) -> str:
    """The QuestionFormAnswers document of stored fields, as MTurk writes it.

    Characters that XML cannot carry become U+FFFD: the document is well-formed whatever was typed.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        f'<QuestionFormAnswers xmlns="{ANSWERS_NAMESPACE}">',
    ]
    for name, value in fields:
        text = f"<FreeText>{_xml_text(value)}</FreeText>" if value else "<FreeText/>"
        lines += [
            "<Answer>",
            f"<QuestionIdentifier>{_xml_text(name)}</QuestionIdentifier>",
            text,
            "</Answer>",
        ]
    return "\n".join([*lines, "</QuestionFormAnswers>"])


def _xml_text(text: str) -> str:
    # A bare carriage return would come back as a line feed: XML readers normalise line ends.
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;"})


def _storable(text: str) -> str:
    return _NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)

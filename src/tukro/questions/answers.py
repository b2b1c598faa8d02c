"""From what a browser posted to what is stored, and from there to the wire's XML (mturk-api 12.2, 8.6).

What is stored (``Answer.body``) is ``{"fields": [[name, value], …]}``, which every page reads. An answer to a
QuestionForm has its types beside it, ``"typed"``: which selections, which text, which file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from xml.sax.saxutils import escape

from lxml import etree

from tukro.questions.schema import namespace, read_document

# The frame's own parameters come back with the answer and are never part of it; the last is the name of
# our own forms' protection against forged posts.
RESERVED_NAMES = frozenset({"assignmentId", "hitId", "workerId", "turkSubmitTo", "csrfmiddlewaretoken"})
JOINED_WITH = "|"
MAX_FIELDS = 1000
MAX_BYTES = 1_048_576

ANSWERS_NAMESPACE: Final = namespace("2005-10-01", "QuestionFormAnswers")
# The document of the largest answer: every byte may become a character reference, every field has its tags.
_MAX_DOCUMENT: Final = 8 * MAX_BYTES
# Everything that XML 1.0 has no place for: most control characters, surrogates, U+FFFE and U+FFFF.
_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_TOUCHED = re.compile(f"{_NOT_XML.pattern}|[\r&<>]")
_BEGINNING: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    f'<QuestionFormAnswers xmlns="{ANSWERS_NAMESPACE}">'
)
_END: Final = "</QuestionFormAnswers>"
# PostgreSQL's jsonb can store neither NUL nor half a surrogate pair.
_NOT_STORABLE = re.compile("[\\x00\\ud800-\\udfff]")


class AnswerTooLarge(ValueError):
    """More fields or bytes than one answer may hold; ``limit`` is the one that was passed."""

    def __init__(self, limit: int, unit: str) -> None:
        super().__init__(f"more than {limit} {unit}")
        self.limit, self.unit = limit, unit


@dataclass(frozen=True, slots=True)
class Written:
    """A text; every field of a requester's own page is one."""

    text: str


@dataclass(frozen=True, slots=True)
class Selected:
    """Selections by their identifiers, in the form's order, and the worker's own if it was chosen."""

    identifiers: tuple[str, ...]
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was handed in; ``key`` finds it."""

    size: int
    key: str


Value: TypeAlias = Written | Selected | Uploaded


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one question."""

    question: str
    value: Value

    @property
    def text(self) -> str:
        """The answer in one line, as the pages and result files show it."""
        match self.value:
            case Written(text):
                return text
            case Selected(identifiers, other):
                return JOINED_WITH.join([*identifiers, *([] if other is None else [other])])
            case Uploaded(key=key):
                return key


# --- what is stored -------------------------------------------------------------------------------------


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


def typed_body(answers: Sequence[Answered]) -> dict[str, object]:
    """What is stored of the answers to a QuestionForm. Raises AnswerTooLarge."""
    size = sum(
        len(one.question.encode(errors="replace")) + len(one.text.encode(errors="replace")) for one in answers
    )
    if size > MAX_BYTES:
        raise AnswerTooLarge(MAX_BYTES, "bytes")
    return {
        "fields": [[_storable(one.question), _storable(one.text)] for one in answers],
        "typed": [_typed(one) for one in answers],
    }


def answers_of(body: Mapping[str, object]) -> list[Answered]:
    """The answers in a stored body; fields without types are texts."""
    typed = body.get("typed")
    if isinstance(typed, list):
        return [_answered(one) for one in typed]
    fields = body.get("fields")
    return [
        Answered(name, Written(str(value))) for name, value in (fields if isinstance(fields, list) else [])
    ]


def _typed(one: Answered) -> dict[str, object]:
    question = _storable(one.question)
    match one.value:
        case Written(text):
            return {"question": question, "text": _storable(text)}
        case Selected(identifiers, other):
            chosen: dict[str, object] = {
                "question": question,
                "selections": [_storable(name) for name in identifiers],
            }
            return chosen if other is None else chosen | {"other": _storable(other)}
        case Uploaded(size, key):
            return {"question": question, "bytes": size, "key": key}


def _answered(one: Mapping[str, object]) -> Answered:
    question = str(one["question"])
    if "text" in one:
        return Answered(question, Written(str(one["text"])))
    if "key" in one:
        return Answered(question, Uploaded(int(str(one["bytes"])), str(one["key"])))
    selections = one["selections"]
    assert isinstance(selections, list)
    other = one.get("other")
    return Answered(question, Selected(tuple(map(str, selections)), None if other is None else str(other)))


def _storable(text: str) -> str:
    return _NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


# --- the wire's document --------------------------------------------------------------------------------


def answers_xml(fields: Iterable[tuple[str, str]]) -> str:
    """The QuestionFormAnswers document of stored fields, as MTurk writes it.

    Characters that XML cannot carry become U+FFFD: the document is well-formed whatever was typed.
    """
    answers = [
        f"<Answer>\n{_element('QuestionIdentifier', name)}\n{_element('FreeText', str(value))}\n</Answer>"
        for name, value in fields
    ]
    return "\n".join([_BEGINNING, *answers, _END])


def typed_answers_xml(answers: Iterable[Answered]) -> str:
    """The QuestionFormAnswers document, one element per line, empty values as empty elements."""
    lines = [_BEGINNING]
    for one in answers:
        lines += [
            "<Answer>",
            _element("QuestionIdentifier", one.question),
            *_value_elements(one.value),
            "</Answer>",
        ]
    return "\n".join([*lines, _END])


def read_answers(text: str) -> list[Answered]:
    """The answers of a QuestionFormAnswers document. Raises BadXml."""
    document = read_document(text, limit=_MAX_DOCUMENT, expected="QuestionFormAnswers")
    return [_read_answer(element) for element in document.root]


def _value_elements(value: Value) -> Iterator[str]:
    match value:
        case Written(text):
            yield _element("FreeText", text)
        case Selected(identifiers, other):
            yield from (_element("SelectionIdentifier", identifier) for identifier in identifiers)
            if other is not None:
                yield _element("OtherSelectionText", other)
        case Uploaded(size, key):
            yield _element("UploadedFileSizeInBytes", str(size))
            yield _element("UploadedFileKey", key)


def _element(name: str, text: str) -> str:
    return f"<{name}>{_xml_text(text)}</{name}>" if text else f"<{name}/>"


def _xml_text(text: str) -> str:
    if not _TOUCHED.search(text):
        return text
    # A bare carriage return would come back as a line feed: XML readers normalise line ends.
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;"})


def _read_answer(element: etree._Element) -> Answered:
    question, *parts = [(etree.QName(child).localname, child.text or "") for child in element]
    named = dict(parts)
    if "FreeText" in named:
        return Answered(question[1], Written(named["FreeText"]))
    if "UploadedFileKey" in named:
        size = int(named["UploadedFileSizeInBytes"])
        return Answered(question[1], Uploaded(size, named["UploadedFileKey"]))
    identifiers = tuple(text for name, text in parts if name == "SelectionIdentifier")
    return Answered(question[1], Selected(identifiers, named.get("OtherSelectionText")))

"""XML from strangers: read without entities, DTDs or network, and held against our own schemas (mturk-api 8).

The namespace and the name of the root element select the schema. Everything that is refused is refused
before anything is expanded: a document type declaration is not even read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from tukro.questions.refusals import BadQuestion, BadXml

MAX_BYTES: Final = 65_535
MAX_DEPTH: Final = 100  # no valid document is deeper than a dozen elements

_BASE: Final = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"
_FOLDER: Final = Path(__file__).parent / "schemas"
_WHITE: Final = "\ufeff \t\r\n"
_ERRORS_TOLD: Final = 5
_MOST_DIGITS: Final = 100

# (date, root element) of every document that we read.
KNOWN: Final = frozenset(
    {
        ("2017-11-06", "QuestionForm"),
        ("2005-10-01", "QuestionForm"),
        ("2006-07-14", "ExternalQuestion"),
        ("2011-11-11", "HTMLQuestion"),
        ("2005-10-01", "AnswerKey"),
        ("2005-10-01", "QuestionFormAnswers"),
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document: ``name`` of its root element, ``date`` of its schema."""

    name: str
    date: str
    root: etree._Element


def namespace(date: str, name: str) -> str:
    return f"{_BASE}/{date}/{name}.xsd"


NAMESPACES: Final[Mapping[str, tuple[str, str]]] = {
    namespace(date, name): (date, name) for date, name in KNOWN
}


def read_document(text: str, *, limit: int = MAX_BYTES, expected: str = "") -> Document:
    """Parse and validate ``text``, which must be an ``expected`` if one is named. Raises BadXml."""
    root = parse(text, limit=limit)
    tag = etree.QName(root)
    date, name = NAMESPACES.get(tag.namespace or "", ("", ""))
    if not name or tag.localname != name or (expected and name != expected):
        raise BadXml(
            code="unknown_document",
            details=f"The element '{tag.localname}' in the namespace '{tag.namespace or ''}' is not known.",
        )
    _validate(root, date, name)
    return Document(name, date, root)


def parse(text: str, *, limit: int = MAX_BYTES) -> etree._Element:
    """The root element of a well-formed document, without comments and processing instructions.

    Raises BadXml: too long, not well-formed, too deep, or with a document type declaration.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise BadXml(details="The document holds half a surrogate pair.") from None
    if len(data) > limit:
        raise BadXml(
            code="too_long",
            details=f"The document is {len(data)} bytes long; at most {limit} bytes are allowed.",
            limit=limit,
        )
    if _has_doctype(text):
        raise BadXml(code="doctype", details="A document type declaration is not allowed.")
    skipped = len(text) - len(text.lstrip(_WHITE))
    parser = etree.XMLParser(
        encoding="utf-8",  # the text was decoded already: whatever its declaration says no longer matters
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        root = etree.fromstring(text.strip(_WHITE).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BadXml(details=_syntax_details(error, text[:skipped].count("\n"))) from None
    if root.getroottree().docinfo.internalDTD is not None:  # a second wall behind the scan
        raise BadXml(code="doctype", details="A document type declaration is not allowed.")
    _refuse_depth(root)
    return root


def _has_doctype(text: str) -> bool:
    """Whether the prolog holds a declaration. Only the prolog may: inside CDATA, HTML has its own."""
    at = len(text) - len(text.lstrip(_WHITE))
    while True:
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        else:
            return text.startswith("<!", at)
        if end < 0:
            return False  # the parser will say what is wrong
        at = end + (3 if text.startswith("-->", end) else 2)
        at += len(text[at:]) - len(text[at:].lstrip(_WHITE))


def _syntax_details(error: etree.XMLSyntaxError, lines_before: int) -> str:
    message = re.sub(r", line \d+, column \d+( \(<string>, line \d+\))?$", "", str(error.msg or "not XML"))
    line, column = error.position if error.position else (1, 1)
    return f"{message} (line {line + lines_before}, column {column})"


def _refuse_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise BadXml(code="too_deep", details=f"Elements are nested more than {MAX_DEPTH} deep.")


_free_schemas: defaultdict[tuple[str, str], list[etree.XMLSchema]] = defaultdict(list)


@contextmanager
def _schema(date: str, name: str) -> Iterator[etree.XMLSchema]:
    """A compiled schema, for one thread at a time: a validator keeps its errors on itself."""
    free = _free_schemas[date, name]
    try:
        schema = free.pop()
    except IndexError:
        schema = etree.XMLSchema(etree.parse(str(_FOLDER / f"{name}-{date}.xsd")))
    yield schema
    free.append(schema)


def _validate(root: etree._Element, date: str, name: str) -> None:
    with _schema(date, name) as schema:
        if schema.validate(root):
            return
        faults = list(schema.error_log)[:_ERRORS_TOLD]
    own = "{" + namespace(date, name) + "}"
    told = [f"{fault.message.replace(own, '')} (line {fault.line})" for fault in faults]
    raise BadXml(details=" ".join(told), code="not_valid")


def whole(text: str) -> int:
    """A whole number of a valid document: the schemas bound neither digits nor zeros. Raises BadQuestion."""
    number = text.strip()
    if len(number) > _MOST_DIGITS:
        raise BadQuestion(
            code="number_too_long", details=f"A number of {len(number)} characters is too long."
        )
    return int(number)

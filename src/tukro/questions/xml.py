"""The questions of the wire: one XML text in, one typed question out (mturk-api 8).

match read_question(text):
    case HTMLQuestion(content=page): ...
    case ExternalQuestion(url=url): ...
    case QuestionForm(parts=parts): ...
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import TypeAlias

from tukro.questions.external import ExternalQuestion, read_external
from tukro.questions.html5 import HTMLQuestion, read_html
from tukro.questions.question_form import FileUpload, QuestionForm, read_form
from tukro.questions.refusals import BadQuestion, BadXml
from tukro.questions.schema import read_document

WireQuestion: TypeAlias = HTMLQuestion | ExternalQuestion | QuestionForm


def read_question(text: str, *, open_hosts: Collection[str] = ()) -> WireQuestion:
    """What a task asks. ``open_hosts``: hosts of external pages that need no https.

    Raises BadXml, BadHtml, BadFormattedContent or BadQuestion (the base of the others).
    """
    return _read_question(text, frozenset(open_hosts))


# A requester posts one question many times, and a form is read again whenever it is shown or answered.
@functools.lru_cache(maxsize=64)
def _read_question(text: str, open_hosts: frozenset[str]) -> WireQuestion:
    document = read_document(text)
    match document.name:
        case "HTMLQuestion":
            return read_html(document)
        case "ExternalQuestion":
            return read_external(document, open_hosts=open_hosts)
        case "QuestionForm":
            return read_form(document)
        case _:
            raise BadXml(code="unknown_document", details=f"A question cannot be {document.name}.")


@functools.lru_cache(maxsize=64)
def stored_form(text: str) -> QuestionForm:
    """The form of a stored question or test: it was read before it was stored, so it can be read again."""
    return read_form(read_document(text), is_stored=True)


def read_test(text: str) -> QuestionForm:
    """A qualification's test: a QuestionForm that asks for no file. Raises as ``read_question``."""
    form = read_question(text)
    if not isinstance(form, QuestionForm):
        raise BadQuestion(code="not_a_test", details="A test must be a QuestionForm.")
    if any(isinstance(question.answer, FileUpload) for question in form.questions):
        raise BadQuestion(code="file_in_test", details="A test cannot ask for a file.")
    return form

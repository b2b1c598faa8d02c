"""QuestionForm: questions that the house itself shows and checks (mturk-api 8.1).

``read_form`` turns a valid document into plain frozen values that a page walks in order. FormattedContent is
already safe HTML here; everything else is text.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from tukro.questions.form_parts import ONE_ONLY as ONE_ONLY
from tukro.questions.form_parts import AnswerSpecification as AnswerSpecification
from tukro.questions.form_parts import Binary as Binary
from tukro.questions.form_parts import Choice as Choice
from tukro.questions.form_parts import Content as Content
from tukro.questions.form_parts import EmbeddedBinary as EmbeddedBinary
from tukro.questions.form_parts import FileUpload as FileUpload
from tukro.questions.form_parts import Formatted as Formatted
from tukro.questions.form_parts import FreeText as FreeText
from tukro.questions.form_parts import ItemList as ItemList
from tukro.questions.form_parts import Overview as Overview
from tukro.questions.form_parts import Pattern as Pattern
from tukro.questions.form_parts import Question as Question
from tukro.questions.form_parts import QuestionForm as QuestionForm
from tukro.questions.form_parts import Selection as Selection
from tukro.questions.form_parts import Style as Style
from tukro.questions.form_parts import Text as Text
from tukro.questions.form_parts import Title as Title
from tukro.questions.formatted import safe_html
from tukro.questions.patterns import first_fault
from tukro.questions.refusals import BadQuestion
from tukro.questions.schema import Document, whole

DEFAULT_ERROR_TEXT: Final = "Invalid input supplied."


def read_form(document: Document, *, is_stored: bool = False) -> QuestionForm:
    """The form of a valid document.

    ``is_stored``: it was read before and stands; its patterns have shown that they can be searched for, and
    are not tried anew whenever somebody looks.

    Raises BadQuestion (no question, the same identifier twice, counts that cannot be met, a pattern that is
    none, an Application) and BadFormattedContent.
    """
    parts = tuple(
        Overview(_contents(element)) if _name(element) == "Overview" else _question(element)
        for element in document.root
    )
    form = QuestionForm(document.date, parts)
    if not form.questions:
        raise BadQuestion(code="no_question", details="The QuestionForm holds no Question.")
    _refuse_twice("QuestionIdentifier", [question.identifier for question in form.questions])
    if not is_stored:
        _refuse_patterns(form)
    return form


# --- content --------------------------------------------------------------------------------------------


def _contents(element: etree._Element) -> tuple[Content, ...]:
    return tuple(_content(child) for child in element)


def _content(element: etree._Element) -> Content:
    match _name(element):
        case "Title":
            return Title(_text(element))
        case "Text":
            return Text(_text(element))
        case "List":
            return ItemList(tuple(_text(item) for item in element))
        case "FormattedContent":
            return Formatted(safe_html(_text(element)))
        case "Binary":
            return _binary(element)
        case "EmbeddedBinary":
            return _embedded(element)
        case _:  # the schema leaves only this one
            raise BadQuestion(
                code="application", details="Application content (Java, Flash) is no longer supported."
            )


def _binary(element: etree._Element) -> Binary:
    mime, url, alt = element
    kind, *rest = [_text(part) for part in mime]
    return Binary(kind, rest[0] if rest else "", _text(url).strip(), _text(alt))


def _embedded(element: etree._Element) -> EmbeddedBinary:
    mime, url, alt, width, height, *parameters = element
    kind, subtype = [_text(part) for part in mime]
    return EmbeddedBinary(
        kind=kind,
        subtype=subtype,
        url=_text(url).strip(),
        alt=_text(alt),
        width=_text(width),
        height=_text(height),
        parameters=tuple((_text(one[0]), _text(one[1])) for one in parameters),
    )


# --- questions ------------------------------------------------------------------------------------------


def _question(element: etree._Element) -> Question:
    children = {_name(child): child for child in element}
    identifier = _text(children["QuestionIdentifier"])
    specification = children["AnswerSpecification"][0]
    return Question(
        identifier=identifier,
        display_name=_text_of(children, "DisplayName"),
        is_required=_text_of(children, "IsRequired").strip() in {"true", "1"},
        content=_contents(children["QuestionContent"]),
        answer=_answer_specification(specification, identifier),
    )


def _answer_specification(element: etree._Element, identifier: str) -> AnswerSpecification:
    match _name(element):
        case "FreeTextAnswer":
            return _free_text(element, identifier)
        case "SelectionAnswer":
            return _choice(element, identifier)
        case _:
            return _file_upload(element, identifier)


def _free_text(element: etree._Element, identifier: str) -> FreeText:
    children = {_name(child): child for child in element}
    constraints: list[etree._Element] = list(children.get("Constraints", ()))
    numeric = next((one for one in constraints if _name(one) == "IsNumeric"), None)
    length = next((one for one in constraints if _name(one) == "Length"), None)
    made = FreeText(
        is_numeric=numeric is not None,
        minimum=_attribute(numeric, "minValue"),
        maximum=_attribute(numeric, "maxValue"),
        min_length=_attribute(length, "minLength"),
        max_length=_attribute(length, "maxLength"),
        patterns=tuple(_pattern(one) for one in constraints if _name(one) == "AnswerFormatRegex"),
        default=_text_of(children, "DefaultText"),
        lines=whole(_text_of(children, "NumberOfLinesSuggestion") or "1"),
    )
    _refuse_crossed(identifier, "minValue", made.minimum, "maxValue", made.maximum)
    _refuse_crossed(identifier, "minLength", made.min_length, "maxLength", made.max_length)
    return made


def _pattern(element: etree._Element) -> Pattern:
    return Pattern(
        regex=str(element.get("regex", "")),
        error_text=str(element.get("errorText") or DEFAULT_ERROR_TEXT),
        ignore_case=element.get("flags") == "i",
    )


def _refuse_patterns(form: QuestionForm) -> None:
    """All patterns of the form together get one moment to show that they can be searched for."""
    asked = [
        (question.identifier, pattern)
        for question in form.questions
        for pattern in _patterns_of(question.answer)
    ]
    fault = first_fault([(pattern.regex, pattern.ignore_case) for _, pattern in asked])
    if fault is not None:
        position, why = fault
        identifier, pattern = asked[position]
        raise BadQuestion(
            code="bad_regex",
            details=f"The AnswerFormatRegex '{pattern.regex[:200]}' of the question '{identifier}' cannot be "
            f"used: {why}.",
            question=identifier,
        )


def _patterns_of(answer: AnswerSpecification) -> tuple[Pattern, ...]:
    match answer:
        case FreeText(patterns=patterns) | Choice(other=FreeText(patterns=patterns)):
            return patterns
        case _:
            return ()


def _choice(element: etree._Element, identifier: str) -> Choice:
    children = {_name(child): child for child in element}
    selections = [
        Selection(_text(one[0]), _selection_content(one[1]))
        for one in children["Selections"]
        if _name(one) == "Selection"
    ]
    other = next((one for one in children["Selections"] if _name(one) == "OtherSelection"), None)
    style = _text_of(children, "StyleSuggestion")
    made = Choice(
        selections=tuple(selections),
        minimum=whole(_text_of(children, "MinSelectionCount") or "1"),
        maximum=whole(_text_of(children, "MaxSelectionCount") or "1"),
        style=Style(style) if style else None,
        other=None if other is None else _free_text(other, identifier),
    )
    _refuse_twice("SelectionIdentifier", [one.identifier for one in selections])
    _refuse_counts(made, identifier)
    return made


def _selection_content(element: etree._Element) -> Text | Formatted | Binary:
    content = _content(element)
    assert isinstance(content, Text | Formatted | Binary)  # the schema allows no other
    return content


def _refuse_counts(choice: Choice, identifier: str) -> None:
    _refuse_crossed(identifier, "MinSelectionCount", choice.minimum, "MaxSelectionCount", choice.maximum)
    offered = len(choice.selections) + (choice.other is not None)
    if choice.minimum > offered:
        raise BadQuestion(
            code="too_few_selections",
            details=f"The question '{identifier}' asks for {choice.minimum} selections and offers {offered}.",
            question=identifier,
        )
    if choice.style in ONE_ONLY and choice.maximum > 1:
        raise BadQuestion(
            code="style_for_one",
            details=f"The question '{identifier}' suggests the style '{choice.style}', "
            "for which MaxSelectionCount must be 1.",
            question=identifier,
        )


def _file_upload(element: etree._Element, identifier: str) -> FileUpload:
    largest, smallest = (whole(_text(child)) for child in element)
    _refuse_crossed(identifier, "MinFileSizeInBytes", smallest, "MaxFileSizeInBytes", largest)
    return FileUpload(largest, smallest)


def _refuse_crossed(
    identifier: str, low_name: str, low: int | None, high_name: str, high: int | None
) -> None:
    if low is not None and high is not None and low > high:
        raise BadQuestion(
            code="limits_crossed",
            details=f"The question '{identifier}' has a {low_name} ({low}) above its {high_name} ({high}).",
            question=identifier,
        )


def _refuse_twice(what: str, identifiers: list[str]) -> None:
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise BadQuestion(
                code="identifier_twice",
                details=f"The {what} '{identifier}' stands twice.",
                identifier=identifier,
            )
        seen.add(identifier)


# --- elements -------------------------------------------------------------------------------------------


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _text(element: etree._Element) -> str:
    return element.text or ""


def _text_of(children: dict[str, etree._Element], name: str) -> str:
    return _text(children[name]) if name in children else ""


def _attribute(element: etree._Element | None, name: str) -> int | None:
    value = None if element is None else element.get(name)
    return None if value is None else whole(value)

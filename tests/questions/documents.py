"""Documents of the wire, put together for the tests."""

from __future__ import annotations

from xml.sax.saxutils import escape

NAMES = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"


def external(url: str = "https://example.org/study?a=1&b=2", height: str = "600") -> str:
    return (
        f'<ExternalQuestion xmlns="{NAMES}/2006-07-14/ExternalQuestion.xsd">'
        f"<ExternalURL>{escape(url)}</ExternalURL><FrameHeight>{height}</FrameHeight></ExternalQuestion>"
    )


PAGE = (
    "<!DOCTYPE html><html><head><title>T</title></head><body>"
    '<form name="mturk_form" method="post" action="https://www.mturk.com/mturk/externalSubmit">'
    '<input type="hidden" name="assignmentId" value="" id="assignmentId"/>'
    '<textarea name="comment" rows=3></textarea><input type="submit"></form></body></html>'
)


def html(page: str = PAGE, height: str = "450") -> str:
    return (
        f'<HTMLQuestion xmlns="{NAMES}/2011-11-11/HTMLQuestion.xsd">'
        f"<HTMLContent><![CDATA[{page}]]></HTMLContent><FrameHeight>{height}</FrameHeight></HTMLQuestion>"
    )


def form(*parts: str, date: str = "2017-11-06") -> str:
    """A QuestionForm of ``overview`` and ``question``."""
    return f'<QuestionForm xmlns="{NAMES}/{date}/QuestionForm.xsd">{"".join(parts)}</QuestionForm>'


def overview(content: str) -> str:
    return f"<Overview>{content}</Overview>"


def question(
    identifier: str = "q", answer: str = "<FreeTextAnswer/>", *, required: bool = False, content: str = ""
) -> str:
    return (
        f"<Question><QuestionIdentifier>{escape(identifier)}</QuestionIdentifier>"
        f"<IsRequired>{str(required).lower()}</IsRequired>"
        f"<QuestionContent>{content or '<Text>Why?</Text>'}</QuestionContent>"
        f"<AnswerSpecification>{answer}</AnswerSpecification></Question>"
    )


def free_text(constraints: str = "") -> str:
    return f"<FreeTextAnswer><Constraints>{constraints}</Constraints></FreeTextAnswer>"


def selection(*identifiers: str, counts: str = "", style: str = "", other: str = "") -> str:
    listed = "".join(
        f"<Selection><SelectionIdentifier>{escape(one)}</SelectionIdentifier><Text>{escape(one)}</Text></Selection>"
        for one in identifiers
    )
    suggestion = f"<StyleSuggestion>{style}</StyleSuggestion>" if style else ""
    return f"<SelectionAnswer>{counts}{suggestion}<Selections>{listed}{other}</Selections></SelectionAnswer>"


def counts(least: int, most: int) -> str:
    return f"<MinSelectionCount>{least}</MinSelectionCount><MaxSelectionCount>{most}</MaxSelectionCount>"


def answer_key(questions: str, mapping: str = "") -> str:
    mapped = f"<QualificationValueMapping>{mapping}</QualificationValueMapping>" if mapping else ""
    return f'<AnswerKey xmlns="{NAMES}/2005-10-01/AnswerKey.xsd">{questions}{mapped}</AnswerKey>'

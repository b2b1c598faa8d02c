"""A small qualification test with its answer key, as a requester's script would send it."""

from __future__ import annotations

FORM_SPACE = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd"
KEY_SPACE = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/AnswerKey.xsd"


def _question(identifier: str, text: str, *selections: str) -> str:
    listed = "".join(
        f"<Selection><SelectionIdentifier>{one}</SelectionIdentifier><Text>{one}</Text></Selection>"
        for one in selections
    )
    return f"""
  <Question>
    <QuestionIdentifier>{identifier}</QuestionIdentifier>
    <IsRequired>true</IsRequired>
    <QuestionContent><Text>{text}</Text></QuestionContent>
    <AnswerSpecification><SelectionAnswer>
      <StyleSuggestion>radiobutton</StyleSuggestion><Selections>{listed}</Selections>
    </SelectionAnswer></AnswerSpecification>
  </Question>"""


TEST = f"""<QuestionForm xmlns="{FORM_SPACE}">
  <Overview><Title>Reading test</Title></Overview>{
    _question("sky", "What colour is the sky?", "blue", "green")
}{_question("grass", "What colour is grass?", "blue", "green")}
</QuestionForm>"""

ESSAY = f"""<QuestionForm xmlns="{FORM_SPACE}">
  <Question>
    <QuestionIdentifier>why</QuestionIdentifier>
    <IsRequired>true</IsRequired>
    <QuestionContent><Text>Why do you want this work?</Text></QuestionContent>
    <AnswerSpecification><FreeTextAnswer/></AnswerSpecification>
  </Question>
</QuestionForm>"""

KEY = f"""<AnswerKey xmlns="{KEY_SPACE}">
  <Question>
    <QuestionIdentifier>sky</QuestionIdentifier>
    <AnswerOption><SelectionIdentifier>blue</SelectionIdentifier><AnswerScore>5</AnswerScore></AnswerOption>
  </Question>
  <Question>
    <QuestionIdentifier>grass</QuestionIdentifier>
    <AnswerOption><SelectionIdentifier>green</SelectionIdentifier><AnswerScore>5</AnswerScore></AnswerOption>
  </Question>
  <QualificationValueMapping>
    <PercentageMapping><MaximumSummedScore>10</MaximumSummedScore></PercentageMapping>
  </QualificationValueMapping>
</AnswerKey>"""

# As a browser posts them: the first selection of each question, and the right ones.
BLUE_BLUE = [("answer-1", "1"), ("answer-2", "1")]
ALL_RIGHT = [("answer-1", "1"), ("answer-2", "2")]

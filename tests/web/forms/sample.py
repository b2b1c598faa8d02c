"""A QuestionForm with every kind of content and answer, and open tasks that ask it."""

from __future__ import annotations

from django.utils import timezone

from tests import make
from tukro.work.actions.publishing import Terms
from tukro.work.models import Batch

NAMESPACE = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/{date}/QuestionForm.xsd"

OVERVIEW = """
<Overview>
  <Title>What do you see?</Title>
  <Text>Look at the picture &amp; answer.
It is from https://example.org/park</Text>
  <List><ListItem>Take your time.</ListItem><ListItem>Guess when you must.</ListItem></List>
  <FormattedContent><![CDATA[<p>Some <b>bold</b> words, <a href="https://example.org/more">a link</a></p>
    <table border="1"><tr><th>Sign</th><td>Meaning</td></tr></table>
    <img src="https://pictures.example.org/inline.png" alt="A small sign"/>]]></FormattedContent>
  <Binary><MimeType><Type>image</Type><SubType>png</SubType></MimeType>
    <DataURL>https://pictures.example.net/park.png?size=big&amp;x=1</DataURL>
    <AltText>A park</AltText></Binary>
  <Binary><MimeType><Type>audio</Type></MimeType>
    <DataURL>https://sounds.example.net/birds.mp3</DataURL><AltText>Birds</AltText></Binary>
</Overview>"""

COLOUR = """
<Question>
  <QuestionIdentifier>colour &amp; shade</QuestionIdentifier><DisplayName>Colour</DisplayName>
  <IsRequired>true</IsRequired>
  <QuestionContent><Text>Which colour is the bench?</Text></QuestionContent>
  <AnswerSpecification><SelectionAnswer>
    <StyleSuggestion>radiobutton</StyleSuggestion>
    <Selections>
      <Selection><SelectionIdentifier>R</SelectionIdentifier><Text>Red</Text></Selection>
      <Selection><SelectionIdentifier>G|x</SelectionIdentifier>
        <FormattedContent><![CDATA[<b>Green</b>]]></FormattedContent></Selection>
      <Selection><SelectionIdentifier>B</SelectionIdentifier>
        <Binary><MimeType><Type>image</Type></MimeType><DataURL>https://pictures.example.net/blue.png</DataURL>
        <AltText>Blue</AltText></Binary></Selection>
      <OtherSelection/>
    </Selections>
  </SelectionAnswer></AnswerSpecification>
</Question>"""

ANIMALS = """
<Question>
  <QuestionIdentifier>animals</QuestionIdentifier><IsRequired>true</IsRequired>
  <QuestionContent><Text>Which animals are there?</Text></QuestionContent>
  <AnswerSpecification><SelectionAnswer>
    <MinSelectionCount>1</MinSelectionCount><MaxSelectionCount>2</MaxSelectionCount>
    <StyleSuggestion>checkbox</StyleSuggestion>
    <Selections>
      <Selection><SelectionIdentifier>dog</SelectionIdentifier><Text>Dog</Text></Selection>
      <Selection><SelectionIdentifier>cat</SelectionIdentifier><Text>Cat</Text></Selection>
      <Selection><SelectionIdentifier>cow</SelectionIdentifier><Text>Cow</Text></Selection>
    </Selections>
  </SelectionAnswer></AnswerSpecification>
</Question>"""

SEASON = """
<Question>
  <QuestionIdentifier>season</QuestionIdentifier>
  <QuestionContent><Text>Which season is it?</Text></QuestionContent>
  <AnswerSpecification><SelectionAnswer>
    <StyleSuggestion>combobox</StyleSuggestion>
    <Selections>
      <Selection><SelectionIdentifier>s</SelectionIdentifier><Text>Summer</Text></Selection>
      <Selection><SelectionIdentifier>w</SelectionIdentifier><Text>Winter</Text></Selection>
      <OtherSelection><Constraints><Length maxLength="10"/></Constraints></OtherSelection>
    </Selections>
  </SelectionAnswer></AnswerSpecification>
</Question>"""

COUNT = """
<Question>
  <QuestionIdentifier>count</QuestionIdentifier><IsRequired>true</IsRequired>
  <QuestionContent><Text>How many people?</Text></QuestionContent>
  <AnswerSpecification><FreeTextAnswer><Constraints><IsNumeric minValue="0" maxValue="99"/></Constraints>
  </FreeTextAnswer></AnswerSpecification>
</Question>"""

WORDS = """
<Question>
  <QuestionIdentifier>words</QuestionIdentifier>
  <QuestionContent><Text>Describe it.</Text></QuestionContent>
  <AnswerSpecification><FreeTextAnswer>
    <Constraints><Length minLength="5" maxLength="200"/>
      <AnswerFormatRegex regex="park" errorText="Say that it is a park." flags="i"/></Constraints>
    <DefaultText>A park with</DefaultText><NumberOfLinesSuggestion>3</NumberOfLinesSuggestion>
  </FreeTextAnswer></AnswerSpecification>
</Question>"""

PHOTO = """
<Question>
  <QuestionIdentifier>photo</QuestionIdentifier>
  <QuestionContent><Text>Send a picture of your own.</Text></QuestionContent>
  <AnswerSpecification><FileUploadAnswer>
    <MaxFileSizeInBytes>5000</MaxFileSizeInBytes><MinFileSizeInBytes>10</MinFileSizeInBytes>
  </FileUploadAnswer></AnswerSpecification>
</Question>"""

# Positions on the page: 1 colour, 2 animals, 3 season, 4 count, 5 words, 6 photo.
QUESTIONS = (COLOUR, ANIMALS, SEASON, COUNT, WORDS, PHOTO)
GOOD = {"answer-1": "2", "answer-2": ["1", "3"], "answer-4": "১২", "answer-5": "a green Park"}


def form_xml(*parts: str, date: str = "2005-10-01") -> str:
    inside = "".join(parts or (OVERVIEW, *QUESTIONS))
    return f'<QuestionForm xmlns="{NAMESPACE.format(date=date)}">{inside}</QuestionForm>'


def form_batch(*parts: str, rows: int = 2, of_terms: Terms | None = None) -> Batch:
    """An open job that asks a QuestionForm."""
    return make.batch(
        rows=[{"no": str(no)} for no in range(rows)],
        places=3,
        question_kind="form",
        question_body=form_xml(*parts),
        of_terms=of_terms or make.terms(title="Look at a park", reward="0.20"),
        now=timezone.now(),
    )

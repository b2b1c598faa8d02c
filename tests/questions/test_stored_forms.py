"""Forms that stand are read again without their patterns being put to the test again."""

from __future__ import annotations

import pytest

from tests.web.forms.sample import WORDS, form_xml
from tukro.questions import question_form
from tukro.questions.refusals import BadQuestion
from tukro.questions.xml import read_question, stored_form


def test_what_was_taken_once_is_shown_though_its_patterns_would_be_refused_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(question_form, "first_fault", lambda _patterns: (0, "it takes too long"))
    form = form_xml(WORDS, date="2017-11-06")
    with pytest.raises(BadQuestion):
        read_question(form)
    assert [one.identifier for one in stored_form(form).questions] == ["words"]

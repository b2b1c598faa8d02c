"""What a page says about crowd elements, and the two shapes of their answers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.questions import crowd


def test_names_are_found_in_markup_and_scripts_and_only_known_ones() -> None:
    page = "<CROWD-FORM></CROWD-FORM><script>make('crowd-slider')</script><crowd-rating></crowd-rating>"
    assert crowd.names_in(page) == ["crowd-form", "crowd-slider"]


@pytest.mark.parametrize(
    ("page", "others"),
    [
        ("<script src='https://assets.crowd.aws/crowd-html-elements.js'></script>", False),
        ("<script src=//assets.crowd.aws/crowd-html-elements.js></script><script>x</script>", False),
        ("<script defer src='https://example.org/a.js'></script>", True),
    ],
)
def test_scripts_from_elsewhere_are_told_from_ours(page: str, others: bool) -> None:
    assert crowd.loads_other_scripts(page) is others


def test_an_answer_is_spread_over_a_field_per_value() -> None:
    whole = [{"annotatedResult": {"boundingBoxes": [{"left": 1}], "inputImageProperties": {"height": 5}}}]
    assert crowd.spread([("taskAnswers", json.dumps(whole)), ("assignment", "x")]) == [
        ("annotatedResult.boundingBoxes", '[{"left": 1}]'),
        ("annotatedResult.inputImageProperties.height", "5"),
        ("assignment", "x"),
    ]


@pytest.mark.parametrize("text", ["", "[", "{}", "[]", "[{}, {}]", "[1]", "null", "[" * 100_000])
def test_what_is_no_such_answer_stays_as_it_is(text: str) -> None:
    assert crowd.spread([("taskAnswers", text)]) == [("taskAnswers", text)]


def test_a_stranger_s_deep_answer_ends_somewhere() -> None:
    deep = '{"a":' * 500 + "1" + "}" * 500
    [(name, value)] = crowd.spread([("taskAnswers", f"[{deep}]")])
    assert name.count(".") <= 21
    assert json.loads(value)["a"]


values = st.recursive(
    st.text(max_size=5) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), values, max_size=4))
def test_every_answer_can_be_spread(answer: dict[str, object]) -> None:
    spread = crowd.spread([("taskAnswers", json.dumps([answer]))])
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in spread)
    assert bool(spread) == bool(answer)

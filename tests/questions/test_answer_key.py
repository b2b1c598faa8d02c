"""Answer keys: exact sets, exact sums, halves rounded up."""

from __future__ import annotations

import random
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.documents import answer_key, form, free_text, question, selection
from tukro.questions.answer_key import (
    AnswerKey,
    KeyQuestion,
    Option,
    Percentage,
    Range,
    Ranges,
    Scale,
    read_answer_key,
    refuse_unscorable,
    score,
)
from tukro.questions.answers import Answered, Selected, Written
from tukro.questions.refusals import BadQuestion, BadXml
from tukro.questions.xml import read_test


def asked(identifier: str, *options: tuple[list[str], int], default: int | None = None) -> str:
    listed = "".join(
        f"<AnswerOption>{''.join(f'<SelectionIdentifier>{one}</SelectionIdentifier>' for one in chosen)}"
        f"<AnswerScore>{worth}</AnswerScore></AnswerOption>"
        for chosen, worth in options
    )
    other = "" if default is None else f"<DefaultScore>{default}</DefaultScore>"
    return f"<Question><QuestionIdentifier>{identifier}</QuestionIdentifier>{listed}{other}</Question>"


def percentage(maximum: int) -> str:
    return f"<PercentageMapping><MaximumSummedScore>{maximum}</MaximumSummedScore></PercentageMapping>"


def scale(multiplier: str) -> str:
    return f"<ScaleMapping><SummedScoreMultiplier>{multiplier}</SummedScoreMultiplier></ScaleMapping>"


def ranges(*bounds: tuple[int, int, int], outside: int) -> str:
    listed = "".join(
        f"<SummedScoreRange><InclusiveLowerBound>{low}</InclusiveLowerBound><InclusiveUpperBound>{high}"
        f"</InclusiveUpperBound><QualificationValue>{value}</QualificationValue></SummedScoreRange>"
        for low, high, value in bounds
    )
    out = f"<OutOfRangeQualificationValue>{outside}</OutOfRangeQualificationValue>"
    return f"<RangeMapping>{listed}{out}</RangeMapping>"


def chose(**given_: list[str]) -> list[Answered]:
    return [Answered(name, Selected(tuple(identifiers))) for name, identifiers in given_.items()]


def scored(key: str, **given_: list[str]) -> int:
    return score(read_answer_key(key), chose(**given_))


COLOURS = asked("sky", (["blue"], 5), (["grey"], 3), (["blue", "grey"], 10), default=-2)


@pytest.mark.parametrize(
    ("chosen", "worth"),
    [
        (["blue"], 5),
        (["grey"], 3),
        (["grey", "blue"], 10),
        (["green"], -2),
        (["blue", "green"], -2),  # all of them and no others
        ([], -2),
    ],
)
def test_an_option_counts_when_exactly_its_selections_were_chosen(chosen: list[str], worth: int) -> None:
    assert scored(answer_key(COLOURS), sky=chosen) == worth


def test_scores_are_summed_and_what_was_not_answered_is_worth_the_default() -> None:
    key = answer_key(COLOURS + asked("sea", (["wet"], 7)))
    assert scored(key, sky=["blue"], sea=["wet"]) == 12
    assert scored(key, sea=["wet"]) == 5
    assert scored(key, sky=["blue"], sea=["dry"]) == 5  # without a default: 0
    assert scored(key, sky=["blue"], sea=["wet"], moon=["full"]) == 12
    assert scored(key) == -2


def test_of_two_equal_options_the_first_counts() -> None:
    assert scored(answer_key(asked("q", (["a", "b"], 1), (["b", "a"], 2))), q=["a", "b"]) == 1


def test_a_written_answer_chose_nothing() -> None:
    key = read_answer_key(answer_key(COLOURS))
    assert score(key, [Answered("sky", Written("blue"))]) == -2


@pytest.mark.parametrize(
    ("worth", "maximum", "value"),
    [
        (1, 3, 33),
        (2, 3, 67),
        (1, 8, 13),
        (1, 200, 1),
        (-1, 200, 0),
        (-1, 8, -12),
        (3, 2, 150),
        (0, 9, 0),
        (-3, 2, -150),
    ],
)
def test_a_percentage_is_rounded_to_the_nearest_halves_up_and_not_clamped(
    worth: int, maximum: int, value: int
) -> None:
    assert scored(answer_key(asked("q", (["a"], worth)), percentage(maximum)), q=["a"]) == value


@pytest.mark.parametrize(
    ("worth", "multiplier", "value"),
    [(3, "2", 6), (1, "0.5", 1), (-1, "0.5", 0), (3, "-0.5", -1), (5, "0.1", 1), (7, "1e1", 70),
     (9, "0e999999999", 0), (45, "0.1", 5), (1, ".5", 1), (2, "1.", 2), (1, " 2 ", 2),
     (1, "1e300", 2**31 - 1), (-1, "1e300", -(2**31))],
)  # fmt: skip
def test_a_scale_multiplies_as_written_halves_up(worth: int, multiplier: str, value: int) -> None:
    assert scored(answer_key(asked("q", (["a"], worth)), scale(multiplier)), q=["a"]) == value


@pytest.mark.parametrize(
    ("worth", "value"), [(0, 10), (4, 10), (5, 20), (9, 20), (10, 30), (11, -1), (-1, -1), (7, 20)]
)
def test_the_first_range_that_holds_the_sum_counts_bounds_included(worth: int, value: int) -> None:
    mapping = ranges((0, 4, 10), (5, 9, 20), (7, 10, 30), outside=-1)
    assert scored(answer_key(asked("q", (["a"], worth)), mapping), q=["a"]) == value


def test_the_sum_stays_a_number_of_32_bits() -> None:
    key = answer_key(asked("a", (["x"], 2**31 - 1)) + asked("b", (["x"], 2**31 - 1)))
    assert scored(key, a=["x"], b=["x"]) == 2**31 - 1


@pytest.mark.parametrize(
    "mapping", [percentage(0), percentage(-3), scale("INF"), scale("-INF"), scale("NaN"), scale("1" * 41)]
)
def test_a_mapping_that_cannot_be_computed_is_refused(mapping: str) -> None:
    with pytest.raises(BadQuestion) as refusal:
        read_answer_key(answer_key(COLOURS, mapping))
    assert refusal.value.code == "bad_mapping"


@pytest.mark.parametrize(
    "text",
    [
        answer_key(""),
        answer_key(asked("q")),
        answer_key(asked("q", ([], 1))),
        answer_key(asked("q", (["a"], 2**31))),
        answer_key(COLOURS, "<Nothing/>"),
        answer_key(COLOURS, percentage(1) + scale("1")),
        answer_key(COLOURS, scale("a lot")),
        answer_key(COLOURS, ranges(outside=1)),
        answer_key(COLOURS, ranges((1, 2, 3), outside=1).replace("<Out", "<Ot").replace("</Out", "</Ot")),
        answer_key(COLOURS).replace("2005-10-01", "2017-11-06"),
        form(question()),
        "<AnswerKey/>",
        "",
    ],
)
def test_what_is_no_answer_key_is_refused(text: str) -> None:
    with pytest.raises(BadXml):
        read_answer_key(text)


def test_a_key_scores_selections_only() -> None:
    refuse_unscorable(read_test(form(question("a", selection("x", "y")))))
    for bad in (free_text(), "<FreeTextAnswer/>", selection("x", other="<OtherSelection/>")):
        with pytest.raises(BadQuestion) as refusal:
            refuse_unscorable(read_test(form(question("a", selection("x")), question("b", bad))))
        assert refusal.value.code == "not_scorable"


# --- against a model that knows nothing of sets and fractions --------------------------------------------

letters = st.sampled_from("abc")
options = st.lists(
    st.tuples(st.lists(letters, min_size=1, max_size=3), st.integers(-20, 20)), min_size=1, max_size=4
)
keys = st.dictionaries(letters, st.tuples(options, st.none() | st.integers(-9, 9)), min_size=1, max_size=3)
mappings = st.one_of(
    st.just(""),
    st.integers(1, 60).map(percentage),
    st.decimals(-3, 3, places=2).map(lambda number: scale(str(number))),
    st.lists(
        st.tuples(st.integers(-20, 20), st.integers(-20, 20), st.integers(-9, 9)), min_size=1, max_size=3
    ).map(lambda bounds: ranges(*bounds, outside=99)),
)
taken = st.dictionaries(letters, st.lists(letters, unique=True, max_size=3), max_size=3)


def half_up(value: Decimal) -> int:
    low, high = value.to_integral(ROUND_FLOOR), value.to_integral(ROUND_CEILING)
    return int(high if high - value <= value - low else low)


def naive(key: AnswerKey, chosen: dict[str, list[str]]) -> int:
    total = 0
    for one in key.questions:
        picked = sorted(chosen.get(one.identifier, []))
        for option in one.options:
            if sorted(option.selections) == picked:
                total += option.score
                break
        else:
            total += one.default
    match key.mapping:
        case Percentage(maximum):
            return half_up(Decimal(100 * total) / Decimal(maximum))
        case Scale(multiplier):
            return half_up(total * Decimal(multiplier.numerator) / Decimal(multiplier.denominator))
        case Ranges(among, outside):
            for among_these in among:
                if among_these.low <= total <= among_these.high:
                    return among_these.value
            return outside
        case _:
            return total


@given(keys, mappings, taken)
def test_scoring_agrees_with_a_naive_model(
    questions: dict[str, tuple[list[tuple[list[str], int]], int | None]],
    mapping: str,
    chosen: dict[str, list[str]],
) -> None:
    text = answer_key(
        "".join(asked(name, *listed, default=default) for name, (listed, default) in questions.items()),
        mapping,
    )
    key = read_answer_key(text)
    assert [one.identifier for one in key.questions] == list(questions)
    assert [one.default for one in key.questions] == [default or 0 for _, default in questions.values()]
    assert score(key, chose(**chosen)) == naive(key, chosen)


@given(keys, taken, st.randoms(use_true_random=False))
def test_the_order_of_answers_and_selections_does_not_matter(
    questions: dict[str, tuple[list[tuple[list[str], int]], int | None]],
    chosen: dict[str, list[str]],
    shuffler: random.Random,
) -> None:
    key = AnswerKey(
        tuple(
            KeyQuestion(
                name, tuple(Option(frozenset(picked), worth) for picked, worth in listed), default or 0
            )
            for name, (listed, default) in questions.items()
        ),
        Ranges((Range(0, 5, 1),), outside=0),
    )
    answers = chose(**chosen)
    shuffled = [
        Answered(one.question, Selected(tuple(shuffler.sample(picked, len(picked)))))
        for one, picked in zip(answers, chosen.values(), strict=True)
    ]
    shuffler.shuffle(shuffled)
    assert score(key, shuffled) == score(key, answers)

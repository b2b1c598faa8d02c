"""Proof forms: what a requester may ask, and which answers satisfy it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.questions.proof import (
    BadSpec,
    Field,
    Form,
    Kind,
    Problem,
    check_answers,
    fill,
    known_pairs,
    load,
    name_from_label,
    plain_number,
    read_fields,
    variables,
)


def form_of(*specs: dict[str, object]) -> Form:
    return Form("", read_fields(list(specs)))


def codes(form: Form, *pairs: tuple[str, str], files: dict[str, int] | None = None) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in check_answers(form, pairs, files)]


def spec_codes(spec: object) -> list[tuple[str, str]]:
    with pytest.raises(BadSpec) as refused:
        read_fields(spec)
    return [(problem.field, problem.code) for problem in refused.value.problems]


def test_a_field_list_becomes_fields() -> None:
    fields = read_fields(
        [
            {"name": "shop", "kind": "text", "label": "দোকানের নাম", "maximum": 80},
            {
                "kind": "choice",
                "label": "Open now?",
                "options": ["Yes", "No"],
                "required": False,
                "help": "Look",
            },
        ]
    )
    assert fields == (
        Field("shop", Kind.TEXT, "দোকানের নাম", maximum=Decimal(80)),
        Field("open_now", Kind.CHOICE, "Open now?", "Look", False, options=("Yes", "No")),
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("text", [("0", "not_a_list")]),
        ([], [("0", "no_fields")]),
        ([{"kind": "text", "label": "x"}] * 51, [("0", "too_many_fields")]),
        (["text"], [("1", "not_a_field")]),
        ([{"kind": "colour", "label": "x"}], [("1", "unknown_kind")]),
        ([{"kind": "text", "label": " "}], [("1", "no_label")]),
        ([{"kind": "text", "label": "x" * 301}], [("1", "label_too_long")]),
        ([{"kind": "text", "label": "x", "help": "h" * 1001}], [("1", "help_too_long")]),
        ([{"kind": "text", "label": "x", "name": "a b"}], [("1", "bad_name")]),
        ([{"kind": "text", "label": "x", "name": "a" * 61}], [("1", "name_too_long")]),
        ([{"kind": "text", "label": "x", "name": "AssignmentID"}], [("1", "reserved_name")]),
        ([{"kind": "text", "label": "x", "name": "a"}] * 2, [("2", "name_taken")]),
        ([{"kind": "choice", "label": "x", "options": ["one"]}], [("1", "too_few_options")]),
        ([{"kind": "choice", "label": "x", "options": ["a", " a "]}], [("1", "same_option_twice")]),
        (
            [{"kind": "choice", "label": "x", "options": [str(n) for n in range(101)]}],
            [("1", "too_many_options")],
        ),
        ([{"kind": "choice", "label": "x", "options": ["a", "b" * 201]}], [("1", "option_too_long")]),
        ([{"kind": "choices", "label": "x", "options": ["a|b"]}], [("1", "option_with_bar")]),
        ([{"kind": "text", "label": "x", "minimum": -1}], [("1", "bad_limit")]),
        ([{"kind": "text", "label": "x", "minimum": "1.5"}], [("1", "bad_limit")]),
        ([{"kind": "text", "label": "x", "maximum": "NaN"}], [("1", "bad_limit")]),
        ([{"kind": "text", "label": "x", "maximum": True}], [("1", "bad_limit")]),
        ([{"kind": "number", "label": "x", "minimum": 5, "maximum": 2}], [("1", "limits_crossed")]),
        ([{"kind": "file", "label": "x", "maximum": 11}], [("1", "too_many_files_asked")]),
    ],
)
def test_a_bad_field_list_is_refused_with_its_cause(spec: object, expected: list[tuple[str, str]]) -> None:
    assert spec_codes(spec) == expected


def test_every_bad_field_is_named_at_once() -> None:
    assert spec_codes([{"kind": "text"}, {"kind": "text", "label": "ok"}, {"kind": "?"}]) == [
        ("1", "no_label"),
        ("3", "unknown_kind"),
    ]


@pytest.mark.parametrize(
    ("kind_and_limits", "value", "code"),
    [
        ({"kind": "text"}, "", "required"),
        ({"kind": "text"}, "   ", "required"),
        ({"kind": "text"}, "x", ""),
        ({"kind": "text", "minimum": 3}, "ab", "too_short"),
        ({"kind": "text", "maximum": 3}, "abcd", "too_long"),
        ({"kind": "long_text"}, "x" * 20_001, "too_long"),
        ({"kind": "number"}, "twelve", "not_a_number"),
        ({"kind": "number"}, "NaN", "not_a_number"),
        ({"kind": "number"}, "1e9", "not_a_number"),
        ({"kind": "number"}, "১২.৫", ""),
        ({"kind": "number", "minimum": 2}, "১", "too_small"),
        ({"kind": "number", "maximum": "2.5"}, "2.51", "too_big"),
        ({"kind": "url"}, "https://example.org/a?b", ""),
        ({"kind": "url"}, "example.org/a", ""),
        ({"kind": "url"}, "example.org সাইট", "not_a_url"),
        ({"kind": "url"}, "12.5", "not_a_url"),
        ({"kind": "url"}, "me@example.org", "not_a_url"),
        ({"kind": "url"}, "javascript:alert(1)", "not_a_url"),
        ({"kind": "url"}, "http://localhost", "not_a_url"),
        ({"kind": "url"}, "https://[", "not_a_url"),
        ({"kind": "choice", "options": ["a", "b"]}, "a", ""),
        ({"kind": "choice", "options": ["a", "b"]}, "c", "unknown_option"),
    ],
)
def test_an_answer_is_checked_by_its_kind(kind_and_limits: dict[str, object], value: str, code: str) -> None:
    form = form_of({"name": "q", "label": "Q", **kind_and_limits})
    assert codes(form, ("q", value)) == ([("q", code)] if code else [])


def test_a_field_that_is_not_required_may_stay_empty() -> None:
    form = form_of({"name": "q", "label": "Q", "kind": "number", "required": False, "minimum": 5})
    assert codes(form, ("q", "")) == []
    assert codes(form) == []


def test_ticked_options_are_counted_and_known() -> None:
    form = form_of(
        {"name": "q", "label": "Q", "kind": "choices", "options": ["a", "b", "c"], "minimum": 2, "maximum": 2}
    )
    assert codes(form, ("q", "a")) == [("q", "too_few_ticked")]
    assert codes(form, ("q", "a"), ("q", "a")) == [("q", "too_few_ticked")]
    assert codes(form, ("q", "a"), ("q", "b")) == []
    assert codes(form, ("q", "a"), ("q", "b"), ("q", "c")) == [("q", "too_many_ticked")]
    assert codes(form, ("q", "a"), ("q", "z")) == [("q", "unknown_option")]


@pytest.mark.parametrize(
    ("limits", "bounds"),
    [({"minimum": 5}, (3, None)), ({"minimum": 5, "maximum": 6}, (3, 3)), ({"maximum": 2}, (None, 2))],
)
def test_who_asks_for_more_ticks_than_there_are_options_gets_all_of_them(
    limits: dict[str, object], bounds: tuple[int | None, int | None]
) -> None:
    form = form_of({"name": "q", "label": "Q", "kind": "choices", "options": ["a", "b", "c"], **limits})
    assert form.fields[0].bounds == bounds
    ticked = [("q", option) for option in ["a", "b", "c"][: bounds[1] or 3]]
    assert codes(form, *ticked) == []


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"kind": "choices", "options": ["a", "b", "c"], "minimum": 4}, "least_over_options"),
        ({"kind": "choices", "options": ["a", "b", "c"], "minimum": 4, "maximum": 9}, "least_over_options"),
        ({"kind": "choices", "options": ["a", "b", "c"], "minimum": 3}, ""),
        ({"kind": "long_text", "minimum": 20_001}, "least_over_text"),
        ({"kind": "text", "minimum": 20_000}, ""),
        ({"kind": "number", "minimum": 20_001}, ""),
    ],
)
def test_a_least_above_what_there_is_is_a_fault_of_the_field(spec: dict[str, object], code: str) -> None:
    found = form_of({"name": "q", "label": "Q", **spec}).fields[0].unreachable
    assert (found.code if found else "") == code


def test_one_value_only_where_one_is_asked() -> None:
    assert codes(form_of({"name": "q", "label": "Q", "kind": "text"}), ("q", "a"), ("q", "b")) == [
        ("q", "only_one_value")
    ]


def test_files_are_counted() -> None:
    form = form_of({"name": "shot", "label": "Screenshot", "kind": "file"})
    assert codes(form, files={}) == [("shot", "required")]
    assert codes(form, files={"shot": 1}) == []
    assert codes(form, files={"shot": 2}) == [("shot", "too_many_files")]


def test_variables_are_found_and_filled_everywhere_in_a_form() -> None:
    form = Form(
        "Look at ${site}",
        read_fields([{"kind": "choice", "label": "Is ${site} in ${town}?", "options": ["${yes}", "no"]}]),
    )
    assert variables(form) == ("site", "town", "yes")
    filled = fill(form, {"site": "a.example", "town": "ঢাকা", "yes": "হ্যাঁ"})
    assert filled.instructions == "Look at a.example"
    assert filled.fields[0].label == "Is a.example in ঢাকা?"
    assert filled.fields[0].options == ("হ্যাঁ", "no")
    assert filled.fields[0].name == form.fields[0].name


def test_a_form_survives_being_stored() -> None:
    form = Form(
        "১. পড়ুন",
        read_fields(
            [
                {"kind": "number", "label": "How many?", "minimum": "0.5", "maximum": 10, "required": False},
                {"kind": "choices", "label": "Which?", "options": ["ক", "খ"], "help": "any"},
            ]
        ),
    )
    assert load(form.dump()) == form


@pytest.mark.parametrize("body", ["", "[]", "null", '{"fields": 3}', "<html>"])
def test_what_is_not_a_form_is_not_loaded(body: str) -> None:
    with pytest.raises(BadSpec):
        load(body)


def test_only_the_fields_of_the_form_are_kept_in_its_order() -> None:
    form = form_of({"name": "a", "label": "A", "kind": "text"}, {"name": "b", "label": "B", "kind": "text"})
    assert known_pairs(form, [("b", "2"), ("x", "3"), ("a", "1")]) == [("a", "1"), ("b", "2")]


def test_an_address_without_its_scheme_is_kept_with_one() -> None:
    form = form_of({"name": "site", "kind": "url", "label": "Site"})
    assert known_pairs(form, [("site", " example.org/a ")]) == [("site", "https://example.org/a")]
    assert known_pairs(form, [("site", "http://example.org")]) == [("site", "http://example.org")]


@given(st.text(max_size=400), st.lists(st.text(max_size=20), max_size=3))
def test_a_name_made_from_any_label_is_a_good_name(label: str, taken: list[str]) -> None:
    name = name_from_label(label, taken)
    assert name not in taken
    assert read_fields([{"name": name, "kind": "text", "label": "x"}])[0].name == name


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_bengali_and_latin_digits_are_the_same_number(number: Decimal) -> None:
    bengali = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
    assert plain_number(f"{number:f}".translate(bengali)) == plain_number(f"{number:f}") == number


def test_a_comma_for_a_point_is_asked_about_and_not_left_out() -> None:
    assert (plain_number("1,234.5"), plain_number("1,5")) == (Decimal("1234.5"), None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
wild_fields = st.fixed_dictionaries(
    {},
    optional={
        "name": json_values,
        "kind": st.sampled_from([*Kind, "?"]) | json_values,
        "label": st.text(max_size=10) | json_values,
        "minimum": json_values,
        "maximum": json_values,
        "options": st.lists(st.text(max_size=5), max_size=4) | json_values,
    },
)


@given(st.lists(wild_fields, max_size=4) | json_values)
def test_any_field_list_is_either_a_form_that_can_be_stored_or_refused(spec: object) -> None:
    form = form_or_problems(spec)
    if isinstance(form, Form):
        assert load(form.dump()) == form
    else:
        assert [type(problem) for problem in form] == [Problem] * max(len(form), 1)


def form_or_problems(spec: object) -> Form | list[Problem]:
    try:
        return Form("", read_fields(spec))
    except BadSpec as refused:
        return refused.problems


@given(st.lists(st.tuples(st.sampled_from(["q", "n", "u", "c", "m"]), st.text(max_size=30)), max_size=8))
def test_no_answer_breaks_the_check(pairs: list[tuple[str, str]]) -> None:
    form = form_of(
        {"name": "q", "label": "Q", "kind": "text"},
        {"name": "n", "label": "N", "kind": "number", "minimum": 1},
        {"name": "u", "label": "U", "kind": "url"},
        {"name": "c", "label": "C", "kind": "choice", "options": ["a", "b"]},
        {"name": "m", "label": "M", "kind": "choices", "options": ["a", "b"]},
    )
    fields = [problem.field for problem in check_answers(form, pairs)]
    assert fields == sorted(set(fields), key=["q", "n", "u", "c", "m"].index)


@pytest.mark.parametrize(
    ("asked", "pairs", "files", "expected"),
    [
        ({"kind": "image", "minimum": 3}, [], 2, [("x", "too_few_files")]),
        ({"kind": "image", "minimum": 3}, [], 3, []),
        ({"kind": "image", "minimum": 3}, [], 4, [("x", "too_many_files")]),
        ({"kind": "choices", "minimum": 5, "options": ["a", "b"]}, ["a"], 0, [("x", "too_few_ticked")]),
        ({"kind": "choices", "minimum": 5, "options": ["a", "b"]}, ["a", "b"], 0, []),
        ({"kind": "text", "minimum": 30_000}, ["y" * 20_000], 0, []),
    ],
)
def test_a_least_without_a_most_can_be_met(
    asked: dict[str, object], pairs: list[str], files: int, expected: list[tuple[str, str]]
) -> None:
    form = Form("", read_fields([asked | {"name": "x", "label": "x"}]))
    assert codes(form, *(("x", value) for value in pairs), files={"x": files} if files else None) == expected

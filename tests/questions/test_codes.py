"""Codes as proof: whoever knows the secret makes them, and nobody reads one as another's."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from tukro.questions.codes import (
    Whose,
    is_right,
    microworkers_codes,
    no_words,
    personal,
    proof_code,
    secret_of_project,
    tukro_code,
    words_for,
)
from tukro.questions.proof import Field, Form, Kind

WHOSE = Whose("PROJECT1", "AWORKER1", "ASSIGNMENT1")
SECRET = secret_of_project("house", "PROJECT1")


def test_each_project_has_a_secret_of_its_own_that_stays() -> None:
    assert len(SECRET) == 64
    assert secret_of_project("house", "PROJECT1") == SECRET
    assert len({SECRET, secret_of_project("house", "PROJECT2"), secret_of_project("other", "PROJECT1")}) == 3


def test_the_formula_of_microworkers_is_theirs() -> None:
    joined = hashlib.sha256(b"PROJECT1" + b"AWORKER1" + SECRET.encode()).hexdigest()
    assert microworkers_codes(SECRET, WHOSE)[0] == f"mw-{joined}"
    assert is_right(Kind.MW_CODE, f" MW-{joined.upper()}\n", secret=SECRET, whose=WHOSE)
    assert is_right(Kind.MW_CODE, microworkers_codes(SECRET, WHOSE)[1], secret=SECRET, whose=WHOSE)


@pytest.mark.parametrize("kind", [Kind.CODE, Kind.MW_CODE])
@pytest.mark.parametrize("other", [{"project": "P"}, {"worker": "A"}])
def test_a_code_of_somebody_else_is_wrong(kind: Kind, other: dict[str, str]) -> None:
    foreign = replace(WHOSE, **other)
    for code in (tukro_code(SECRET, foreign), *microworkers_codes(SECRET, foreign), "", "tk-", "কোড"):
        assert not is_right(kind, code, secret=SECRET, whose=WHOSE)


def test_our_code_is_for_one_assignment_and_ids_do_not_run_into_each_other() -> None:
    code = tukro_code(SECRET, WHOSE)
    assert is_right(Kind.CODE, f" {code.upper()} ", secret=SECRET, whose=WHOSE)
    assert not is_right(Kind.CODE, code, secret=SECRET, whose=replace(WHOSE, assignment="ASSIGNMENT2"))
    assert not is_right(Kind.MW_CODE, code, secret=SECRET, whose=WHOSE)
    assert tukro_code(SECRET, Whose("AB", "C", "D")) != tukro_code(SECRET, Whose("A", "BC", "D"))


def test_the_words_in_braces_are_replaced_for_each_worker() -> None:
    form = Form(
        "Go to https://example.org/?c={{CAMP_ID}}&w={{MW_ID}}&k={{RAND_KEY}}",
        (Field("shot", Kind.IMAGE, "Show {{PROOF_CODE}}"),),
    )
    shown = personal(form, words_for("house", WHOSE))
    assert shown.instructions == "Go to https://example.org/?c=PROJECT1&w=AWORKER1&k=ASSIGNMENT1"
    assert shown.fields[0].label == f"Show {proof_code('house', 'ASSIGNMENT1')}"
    assert personal(form, no_words()).fields[0].label == "Show …"
    assert proof_code("house", "ASSIGNMENT1") != proof_code("house", "ASSIGNMENT2")

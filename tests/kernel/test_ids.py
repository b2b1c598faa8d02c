"""Public ids: unguessable and of one shape."""

from __future__ import annotations

import re

import pytest

from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id, new_person_id


def test_ids_have_the_shape_of_the_wire() -> None:
    assert re.fullmatch(r"3[A-Z0-9]{29}", new_id())
    assert re.fullmatch(r"A[A-Z0-9]{13}", new_person_id())


def test_ids_do_not_repeat() -> None:
    assert len({new_id() for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(
    ("text", "can_be"), [("3ABC", True), ("", False), ("a", False), ("A B", False), ("A" * 65, False)]
)
def test_rubbish_is_told_from_ids(text: str, can_be: bool) -> None:
    assert looks_like_id(text) is can_be


def test_actors_are_written_as_kind_and_id() -> None:
    assert [str(HOUSE), str(Actor("worker", "A1"))] == ["house", "worker:A1"]


def test_a_refusal_carries_facts() -> None:
    refusal = NotFound(task="3X")
    assert isinstance(refusal, Refused)
    assert (refusal.facts, str(refusal)) == ({"task": "3X"}, "NotFound(task='3X')")

"""A question as a column of other rows: hot pages read it with what they show, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from tukro.work.models import Question

_NAMES = [field.attname for field in Question._meta.concrete_fields]
QUESTION = ", ".join(f"q.{name}" for name in _NAMES)  # the columns, of a row that is called q


def question_of(columns: Sequence[Any]) -> Question:
    """The question whose columns ``QUESTION`` read."""
    return Question.from_db(DEFAULT_DB_ALIAS, _NAMES, columns)

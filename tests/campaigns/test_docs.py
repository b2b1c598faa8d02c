"""docs/posting.md states the limits that the code has."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tukro.campaigns.actions.uploads import MEGABYTE
from tukro.campaigns.jobs import UNPUBLISHED_FOR
from tukro.campaigns.rules import tables

PAGE = (Path(__file__).parents[2] / "docs" / "posting.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "sentence",
    [
        f"at most {tables.MAX_FILE_BYTES // MEGABYTE} MB",
        f"at most {tables.MAX_ROWS:,} |",
        f"at most {tables.MAX_COLUMNS}, names of at most {tables.MAX_COLUMN_NAME} characters",
        f"at most {csv.field_size_limit():,} characters",
        f"discarded after {UNPUBLISHED_FOR.days} days",
    ],
)
def test_the_page_about_files_states_the_limits_of_the_code(sentence: str) -> None:
    assert sentence in PAGE

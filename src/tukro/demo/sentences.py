"""The Bengali sentences of the demo market, with what is true of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

_FILE = Path(__file__).parent / "data" / "bengali_sentences.csv"

Sentiment = Literal["positive", "negative", "neutral"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """``misspelled`` is the sentence with one mistake in it, or empty."""

    id: str
    topic: str
    text: str
    sentiment: Sentiment
    misspelled: str


def read_sentences() -> list[Sentence]:
    """All sentences in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return [
            Sentence(
                row["id"], row["topic"], row["sentence"], cast(Sentiment, row["sentiment"]), row["misspelled"]
            )
            for row in csv.DictReader(lines)
        ]

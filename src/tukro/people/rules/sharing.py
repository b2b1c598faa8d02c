"""Decisions of telling accounts of one person: what of a name does not count, how long lines are kept."""

from __future__ import annotations

from datetime import timedelta

# Titles that people write or leave out, in the spelling of people_same_words().
TITLES = ("mr", "mrs", "ms", "miss", "dr", "md", "mst", "mohd", "জনাব", "মোঃ", "মো", "মোছাঃ", "মোছা", "ডা", "ডাঃ")
SIGN_INS_KEPT = timedelta(days=90)
CODES_KEPT = timedelta(days=365)

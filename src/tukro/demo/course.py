"""Who does what on which day of the demo market: the plot, apart from the machinery that plays it."""

from __future__ import annotations

from dataclasses import dataclass

DAYS = 9  # the last one is today


@dataclass(frozen=True, slots=True)
class Stint:
    """On ``day`` (1 = the first), a worker does up to ``count`` tasks of a project, one after the other."""

    day: int
    worker: str
    project: str
    count: int


@dataclass(frozen=True, slots=True)
class Thanks:
    """On ``day``, the owner of ``project`` thanks a worker for the first approved task with a bonus."""

    day: int
    worker: str
    project: str
    amount: str
    reason: str


STINTS = (
    Stint(1, "rahima", "receipts", 12),
    Stint(1, "nusrat", "sentiment", 40),
    Stint(1, "tanvir", "numbers", 20),
    Stint(2, "rahima", "survey", 1),
    Stint(2, "rahima", "prices", 1),
    Stint(2, "nusrat", "receipts", 12),
    Stint(2, "jahid", "digits", 20),
    Stint(2, "tanvir", "research", 6),
    Stint(3, "rahima", "writing", 1),
    Stint(3, "nusrat", "writing", 1),
    Stint(3, "moushumi", "survey", 1),
    Stint(3, "arif", "spelling", 12),
    Stint(4, "rahima", "spelling", 25),
    Stint(4, "nusrat", "spelling", 25),
    Stint(4, "tanvir", "survey", 1),
    Stint(4, "tanvir", "writing", 1),
    Stint(4, "shilpi", "prices", 1),
    Stint(4, "bikash", "digits", 25),
    Stint(5, "rahima", "sentiment", 35),
    Stint(5, "nusrat", "survey", 1),
    Stint(5, "nusrat", "prices", 1),
    Stint(5, "tanvir", "sentiment", 40),
    Stint(5, "arif", "survey", 1),
    Stint(7, "rahima", "ideas", 1),
    Stint(6, "tanvir", "prices", 1),
    Stint(6, "tanvir", "spelling", 20),
    Stint(6, "shilpi", "survey", 1),
    Stint(6, "moushumi", "facts", 4),
    Stint(7, "rahima", "numbers", 8),
    Stint(7, "jahid", "survey", 1),
    Stint(7, "bikash", "sentiment", 10),
    Stint(7, "arif", "prices", 1),
    Stint(8, "rahima", "facts", 4),
    Stint(8, "rahima", "digits", 15),
    Stint(8, "moushumi", "writing", 1),
    Stint(8, "shilpi", "digits", 20),
    Stint(8, "jahid", "sentiment", 8),
    Stint(8, "nusrat", "ideas", 1),
    Stint(8, "arif", "ideas", 1),
    Stint(8, "tanvir", "topics", 12),
    Stint(8, "nusrat", "topics", 9),
    Stint(8, "nusrat", "boxes", 6),
    Stint(8, "tanvir", "names", 8),
)

THANKS = (
    Thanks(
        4, "rahima", "writing", "1.50", "এত জীবন্ত করে লিখেছেন যে আমরা গল্পটি স্কুলের দেয়ালপত্রিকায় দিচ্ছি। ধন্যবাদ!"
    ),
    Thanks(
        4, "nusrat", "writing", "1.50", "Beautifully told. We are printing it in the school's wall magazine."
    ),
    Thanks(5, "tanvir", "writing", "1.00", "ছোট ছোট খুঁটিনাটি খুব ভালো লেগেছে।"),
    Thanks(6, "rahima", "spelling", "0.50", "পঁচিশটির মধ্যে একটিও ভুল নেই, অসাধারণ।"),
    Thanks(6, "tanvir", "research", "0.75", "You found two addresses that nobody else could find."),
)

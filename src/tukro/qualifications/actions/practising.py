"""Practice tasks of the house: short, unpaid, answered at once."""

from __future__ import annotations

from datetime import datetime

from tukro.kernel.errors import NotFound
from tukro.people.models import Worker
from tukro.qualifications.models import LessonPassed
from tukro.qualifications.rules.practice import LESSONS, is_right


def answer_lesson(*, worker: Worker, lesson: str, answer: str, now: datetime) -> bool:
    """Whether the answer is right; the first right one is kept. Refuses NotFound (no such lesson)."""
    if lesson not in LESSONS:
        raise NotFound(lesson=lesson)
    right = is_right(lesson, answer, worker_id=worker.public_id)
    if right:
        LessonPassed.objects.get_or_create(worker=worker, lesson=lesson, defaults={"passed_at": now})
    return right

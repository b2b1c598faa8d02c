"""What time does to the pages' own keepings."""

from __future__ import annotations

from datetime import datetime

from tukro.people.providers import posting, texting
from tukro.web import uploads
from tukro.web.doors import resumable
from tukro.web.paper.address_letter import service_pdf
from tukro.web.words.texts import code_words
from tukro.work.actions.doing.proof_files import forget_files, unused_files

_FILES_PER_RUN = 2000


def send_letters(now: datetime) -> int:
    """Letters go to the letter service, and it is asked about them. Returns how many."""
    return posting.send_letters(now, service_pdf)


def send_texts(now: datetime) -> int:
    """Codes go to their phones, each in its reader's language. Returns how many were looked at."""
    return texting.send_texts(now, code_words)


def forget_partial_files(now: datetime) -> int:
    """Uploads that stood still for a day go, rows and bytes."""
    return resumable.forget_old_files(now)


def forget_unused_files(now: datetime) -> int:
    """Files that were never handed in go, some days after their work was given up. Returns how many.

    Bytes first: a run that is cut off leaves rows, by which the next one finds what is left.
    """
    files = unused_files(now=now, limit=_FILES_PER_RUN)
    for file in files:
        uploads.discard(file.path)
    return forget_files(files)

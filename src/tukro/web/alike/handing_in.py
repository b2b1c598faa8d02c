"""Handing in, for every page that does: the verb, and then the look that the task's review policy takes."""

from __future__ import annotations

import logging
from datetime import datetime

from tukro.people.models import Worker
from tukro.people.queries.visiting import WorkerBySession
from tukro.quality.actions import review_submitted
from tukro.work.actions.doing.answer_checks import Fields
from tukro.work.actions.doing.assigning import Submitted, submit_assignment, submit_from_frame

_log = logging.getLogger(__name__)


def hand_in(
    *, worker: Worker | WorkerBySession, assignment_id: str, fields: Fields, now: datetime
) -> Submitted:
    """``submit_assignment``, reviewed. Refuses what that refuses."""
    return _reviewed(
        submit_assignment(worker=worker, assignment_id=assignment_id, fields=fields, now=now), now
    )


def hand_in_from_frame(*, assignment_id: str, fields: Fields, now: datetime) -> Submitted:
    """``submit_from_frame``, reviewed. Refuses what that refuses."""
    return _reviewed(submit_from_frame(assignment_id=assignment_id, fields=fields, now=now), now)


def _reviewed(submitted: Submitted, now: datetime) -> Submitted:
    """The work is handed in whatever happens here: a look that fails is taken again by the job."""
    if submitted.reviews:
        try:
            review_submitted(assignment_id=submitted.assignment_id, now=now)
        except Exception:
            _log.exception("assignment %s could not be reviewed yet", submitted.assignment_id)
    return submitted

"""What time does to work. Each function does all that is due and returns how much it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tukro.work.actions import closing, following, qualifying, reviewing, silence
from tukro.work.actions.doing import assigning
from tukro.work.actions.finding import conduct, lots, searches
from tukro.work.actions.publishing import task_changes


def expire_late(now: datetime) -> int:
    """Places of workers who ran out of time are free again."""
    return _until_done(lambda: assigning.expire_late(now=now))


def auto_approve_due(now: datetime) -> int:
    """Work that the requester did not review in time is approved and paid."""
    return _until_done(lambda: reviewing.auto_approve_due(now=now))


def tell_of_silence(now: datetime) -> int:
    """Requesters hear what was approved because they were silent."""
    _until_done(lambda: silence.count_silence(now=now))
    return _until_done(lambda: silence.tell_silence(now=now))


def close_expired(now: datetime) -> int:
    """Tasks past their end close; money of free places goes back."""
    return _until_done(lambda: closing.close_expired(now=now))


def release_rejections(now: datetime) -> int:
    """Money of rejections goes back when the time of appeal is over."""
    return _until_done(lambda: closing.release_rejections(now=now))


def refresh_listings(now: datetime) -> int:
    """The open list shows what is free and what an hour pays."""
    return _until_done(lambda: following.refresh_listings(now=now))


def refresh_standings(now: datetime) -> int:
    """Workers' records count what was decided; what they may take follows."""
    return _until_done(lambda: following.refresh_standings(now=now))


def refresh_conduct(now: datetime) -> int:
    """What is known of requesters counts what they decided."""
    return _until_done(lambda: conduct.refresh_conduct(now=now))


def alert_searches(now: datetime) -> int:
    """Workers hear of new work that their saved searches find."""
    _until_done(lambda: searches.stir_searches(now=now))
    return _until_done(lambda: searches.tell_searches(now=now))


def hold_draws(now: datetime) -> int:
    """Scarce groups whose time has come are drawn by lot."""
    lots.forget_old_wishes(now=now)
    return _until_done(lambda: lots.hold_draw(now=now))


def remove_deleted_types(now: datetime) -> int:
    """Names of deleted qualification types are free when no open work asks for them any more."""
    return qualifying.remove_deleted_types(now=now)


def note_reviewable(now: datetime) -> int:
    """Tasks to which nothing more can come in are found, and their requesters told."""
    return _until_done(lambda: following.note_reviewable(now=now))


def dispose_old(now: datetime) -> int:
    """Tasks of the wire that nobody looked at for 120 days are disposed of."""
    return _until_done(lambda: task_changes.dispose_old(now=now))


def forget_tokens(now: datetime) -> int:
    """Request tokens are forgotten after a day."""
    return task_changes.forget_tokens(now=now)


def _until_done(step: Callable[[], int]) -> int:
    done = 0
    while some := step():
        done += some
    return done

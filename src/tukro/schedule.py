"""What time does: each job of the rooms with its period. The only file that knows procrastinate.

Jobs are rows in our own database, put there at their time by whichever jobs process comes first, so any
number of machines may run one. A job that fails is logged and comes again at its next time; it stops no
other job.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db import connection
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Status

from tukro.campaigns import jobs as campaigns
from tukro.money import jobs as money
from tukro.notices import jobs as notices
from tukro.people import jobs as people
from tukro.privacy import jobs as privacy
from tukro.qualifications import jobs as qualifications
from tukro.quality import jobs as quality
from tukro.runtime import jobs as runtime
from tukro.vetting import jobs as vetting
from tukro.web import jobs as web
from tukro.work import jobs as work

log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 3.0
_SILENCE_MEANS_DEAD = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Job:
    """``run(now)`` returns the number of things that it did; ``every`` is its period in seconds."""

    name: str
    run: Callable[[datetime], int]
    every: int

    @property
    def cron(self) -> str:
        """Six fields, seconds last."""
        if self.every < 60:
            assert 60 % self.every == 0, f"{self.name}: a period divides a minute"
            return f"* * * * * */{self.every}"
        assert self.every % 60 == 0, f"{self.name}: a long period is of whole minutes"
        assert 3600 % self.every == 0, f"{self.name}: a long period divides an hour"
        return f"*/{self.every // 60} * * * * 0"


JOBS = (
    Job("publish_due", campaigns.publish_due, every=1),  # someone watches a progress bar
    Job("discard_unpublished", campaigns.discard_unpublished, every=600),
    Job("expire_late", work.expire_late, every=5),
    Job("auto_approve_due", work.auto_approve_due, every=10),
    Job("tell_of_silence", work.tell_of_silence, every=60),
    Job("close_expired", work.close_expired, every=10),
    Job("release_rejections", work.release_rejections, every=60),
    Job("refresh_listings", work.refresh_listings, every=5),
    Job("count_held", money.count_held, every=10),
    Job("seal_books", money.seal_books, every=60),
    Job("sign_days", money.sign_days, every=600),
    Job("send_payouts", money.send_payouts, every=10),
    Job("withdraw_on_schedules", money.withdraw_on_schedules, every=600),
    Job("forget_shown_codes", money.forget_shown_codes, every=600),
    Job("look_for_unclaimed", money.look_for_unclaimed, every=3600),
    Job("fetch_rates", money.fetch_rates, every=3600),
    Job("screen_people", money.screen_people, every=10),  # nobody is paid on an old list
    Job("ask_payouts", money.ask_payouts, every=10),
    Job("look_at_deposits", money.look_at_deposits, every=2),  # someone comes back from paying
    Job("work_off_refunds", money.work_off_refunds, every=5),
    Job("collect_debts", money.collect_debts, every=60),
    Job("expire_proposals", money.expire_proposals, every=600),
    Job("refresh_standings", work.refresh_standings, every=5),
    Job("refresh_conduct", work.refresh_conduct, every=15),
    Job("alert_searches", work.alert_searches, every=10),
    Job("hold_draws", work.hold_draws, every=2),  # people wait for these
    Job("review_due", quality.review_due, every=5),
    Job("finish_reviews", quality.finish_reviews, every=10),
    Job("lapse_late", qualifications.lapse_late, every=30),
    Job("remove_deleted_types", work.remove_deleted_types, every=600),
    Job("note_reviewable", work.note_reviewable, every=5),
    Job("dispose_old", work.dispose_old, every=3600),
    Job("forget_tokens", work.forget_tokens, every=600),
    Job("forget_partial_files", web.forget_partial_files, every=600),
    Job("forget_unused_files", web.forget_unused_files, every=3600),
    Job("send_letters", web.send_letters, every=10),
    Job("send_texts", web.send_texts, every=2),  # someone waits with the phone in their hand
    Job("tell_people", notices.tell_people, every=5),
    Job("send_due", notices.send_due, every=10),
    Job("send_due_pushes", notices.send_due_pushes, every=5),
    Job("forget_old_notices", notices.forget_old_notices, every=3600),
    Job("queue_notifications", notices.queue_notifications, every=2),  # programs wait for these
    Job("send_notifications", notices.send_notifications, every=2),
    Job("give_up_notifications", notices.give_up_notifications, every=600),
    Job("forget_notifications", notices.forget_notifications, every=600),
    Job("make_exports", privacy.make_exports, every=10),
    Job("delete_exports", privacy.delete_exports, every=3600),
    Job("forget_identities", money.forget_identities, every=60),
    Job("delete_late_photos", vetting.delete_late_photos, every=3600),
    Job("delete_untaken_lists", vetting.delete_untaken_lists, every=3600),
    Job("delete_old_tax_forms", vetting.delete_old_tax_forms, every=3600),
    Job("purge_sessions", people.purge_sessions, every=600),
    Job("forget_signals", people.forget_signals, every=3600),
    Job("purge_limits", people.purge_limits, every=600),
    Job("purge_wire_calls", people.purge_wire_calls, every=600),
    Job("follow_growth", runtime.follow_growth, every=5),
)


def run_jobs(*, concurrency: int) -> None:
    """Run the due jobs until this process is told to stop (SIGINT or SIGTERM)."""
    _register(django_app)
    connector = cast(DjangoConnector, django_app.connector)
    with django_app.replace_connector(connector.get_worker_connector()) as running:
        running.run_worker(
            name="tukro",
            concurrency=concurrency,
            delete_jobs="always",  # a failed one is in the log, and comes again
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=_HEARTBEAT_SECONDS,
            stalled_worker_timeout=_SILENCE_MEANS_DEAD.total_seconds(),
            shutdown_graceful_timeout=4.0,
        )


def jobs_are_alive(now: datetime) -> bool:
    """Whether some jobs process has told the database lately that it lives."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > %s)",
            [now - _SILENCE_MEANS_DEAD],
        )
        [alive] = cursor.fetchone()
    return bool(alive)


def _register(app: App) -> None:
    for job in JOBS:
        # The queueing lock keeps one waiting copy at most: a slow market does not pile up sweeps.
        task = app.task(name=job.name, queueing_lock=job.name)(task_of(job))
        app.periodic(cron=job.cron, periodic_id=job.name)(task)
    housekeeping = app.task(name="housekeeping", queueing_lock="housekeeping", pass_context=False)(_clean_up)
    app.periodic(cron="*/10 * * * * 0", periodic_id="housekeeping")(housekeeping)


def task_of(job: Job) -> Callable[[int], None]:
    """What procrastinate calls at the job's time."""
    running = threading.Lock()

    def run(timestamp: int) -> None:
        del timestamp  # when it was due; what counts is when it runs
        # A run that takes longer than its period is not joined by a second one in this process. Elsewhere two
        # may meet; the verbs lock what they touch, so that costs time and nothing else.
        if not running.acquire(blocking=False):
            return
        try:
            done = job.run(timezone.now())
        finally:
            running.release()
        if done:
            log.info("job %s did %d", job.name, done)

    return run


async def _clean_up(timestamp: int) -> None:
    """Forget jobs that a killed process left in the middle: they came again since."""
    del timestamp
    manager = django_app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.finish_job(stalled, status=Status.FAILED, delete_job=True)

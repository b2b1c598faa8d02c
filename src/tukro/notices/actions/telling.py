"""Tell people: each letter by the ways that its receiver chose; and what they did with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from tukro.kernel.errors import NotFound
from tukro.notices.actions.choosing import choices_of
from tukro.notices.actions.keeping import SUBJECT_LENGTH, Letter, keep_mails
from tukro.notices.models import Notice, Push, PushDevice
from tukro.notices.rules.kinds import Way, first_paragraph, ways_of
from tukro.people.actions.unread import keep_unread, lock_unread
from tukro.people.models import User

KEPT = timedelta(days=180)
_PER_STEP = 5000


@transaction.atomic
def tell(letters: Sequence[Letter], *, now: datetime) -> None:
    """Keep each letter as mail, notice and push, as its receiver chose for its kind."""
    people = {each.user_id for each in letters if each.user_id is not None}
    chosen = choices_of(people)
    by_way: dict[Way, list[Letter]] = {way: [] for way in Way}
    for each in letters:
        assert each.user_id is not None
        ways = {Way.MAIL} if each.mail_only else ways_of(each.kind, chosen.get(each.user_id, {}))
        for way in ways:
            by_way[way].append(each)
    keep_mails(by_way[Way.MAIL], now=now)
    notices = _keep_notices(by_way[Way.SITE], now)
    _keep_pushes(by_way[Way.PUSH], notices, now)


@transaction.atomic
def read_notice(*, user: User, notice_id: int, now: datetime) -> Notice:
    """The person opened it. Reading it again changes nothing. Refuses NotFound."""
    notice = Notice.objects.select_for_update().filter(user=user, pk=notice_id).first()
    if notice is None:
        raise NotFound(notice=notice_id)
    if notice.read_at is None:
        notice.read_at = now
        notice.save(update_fields=["read_at"])
        _count_unread([user.pk])
    return notice


@transaction.atomic
def keep_as_unread(*, user: User, notice_id: int) -> None:
    """The person wants to come back to it. Refuses NotFound."""
    if not Notice.objects.filter(user=user, pk=notice_id).update(read_at=None):
        raise NotFound(notice=notice_id)
    _count_unread([user.pk])


@transaction.atomic
def read_all(*, user: User, now: datetime) -> int:
    """All that is unread counts as read; answers how many that was."""
    count = Notice.objects.filter(user=user, read_at=None).update(read_at=now)
    _count_unread([user.pk])
    return count


def forget_notices(*, now: datetime) -> int:
    """Delete notices that are older than half a year; answers how many."""
    deleted, old = 0, Notice.objects.filter(created_at__lt=now - KEPT).order_by("created_at")
    while some := list(old[:_PER_STEP]):
        with transaction.atomic():
            deleted += Notice.objects.filter(pk__in=[one.pk for one in some]).delete()[0]
            _count_unread({one.user_id for one in some if one.read_at is None})
    return deleted


def _keep_notices(letters: Sequence[Letter], now: datetime) -> dict[str, int]:
    """The notices' ids by key. Those that were kept before are left as they are."""
    if not letters:
        return {}
    Notice.objects.bulk_create(
        [
            Notice(
                key=each.key,
                user_id=each.user_id or 0,
                kind=each.kind,
                title=each.subject[:SUBJECT_LENGTH],
                text=first_paragraph(each.text),
                link=each.link,
                language=each.language,
                other_title=each.other_subject[:SUBJECT_LENGTH],
                other_text=first_paragraph(each.other_text),
                created_at=now,
            )
            for each in letters
        ],
        ignore_conflicts=True,
    )
    _count_unread({each.user_id for each in letters if each.user_id is not None})
    return dict(Notice.objects.filter(key__in=[each.key for each in letters]).values_list("key", "pk"))


def _keep_pushes(letters: Sequence[Letter], notices: dict[str, int], now: datetime) -> None:
    """One push to each device of the person. It opens the notice, where there is one, so that it is read."""
    devices = PushDevice.objects.filter(user_id__in={each.user_id for each in letters}) if letters else ()
    of_user: dict[int, list[PushDevice]] = {}
    for device in devices:
        of_user.setdefault(device.user_id, []).append(device)
    Push.objects.bulk_create(
        [
            Push(
                key=each.key,
                device=device,
                title=each.subject[:SUBJECT_LENGTH],
                text=first_paragraph(each.text),
                url=_opens(notices[each.key]) if each.key in notices else each.link,
                language=each.language,
                created_at=now,
                due_at=now,
            )
            for each in letters
            for device in of_user.get(each.user_id or 0, ())
        ],
        ignore_conflicts=True,
    )


def _opens(notice_id: int) -> str:
    return reverse("account:notice_open", args=[notice_id])


def _count_unread(user_ids: Collection[int]) -> None:
    """Bring the counts that every page shows in line. Whoever changes notices locks the count last, so the
    last one counts what all have written."""
    lock_unread(user_ids)
    unread = Notice.objects.filter(user_id__in=user_ids, read_at=None).values("user_id")
    counts = dict(unread.annotate(count=Count("pk")).values_list("user_id", "count"))
    keep_unread({user_id: counts.get(user_id, 0) for user_id in user_ids})

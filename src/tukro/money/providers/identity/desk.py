"""Between the verbs and those who check identities: what they say is asked for, never read off a hook."""

from __future__ import annotations

from datetime import datetime

from tukro.money.providers.identity import PROVIDERS
from tukro.money.rules.names import names_agree
from tukro.people.models import Worker
from tukro.people.queries import contact_of
from tukro.vetting.actions.identity import (
    conclude_check,
    note_forgotten,
    point_to_provider,
    put_off_forgetting,
    start_check,
)
from tukro.vetting.models import CheckState, IdentityCheck
from tukro.vetting.queries.identity import to_be_forgotten

_PER_RUN = 50


def begin(*, worker: Worker, back: str, now: datetime) -> IdentityCheck:
    """Start the check and find out where its provider asks; ``url`` stays empty when it cannot be reached.

    Refuses AlreadyIdentified.
    """
    check = start_check(worker=worker, now=now)
    provider = PROVIDERS.get(check.provider)
    if provider is not None and not check.url and (place := provider.start(check, back=back)):
        point_to_provider(check_id=check.pk, reference=place.reference, url=place.url)
        check.refresh_from_db()
    return check


def look(check: IdentityCheck, *, now: datetime) -> IdentityCheck:
    """Ask the provider what became of an open check, and keep that.

    A document in another name than the contact details waits for staff.
    """
    provider = PROVIDERS.get(check.provider)
    if provider is None or not check.reference or check.state not in (CheckState.STARTED, CheckState.WAITING):
        return check
    news = provider.ask(check)
    if news is None or news.said == "open":
        return check
    state = {
        "waiting": CheckState.WAITING,
        "verified": CheckState.VERIFIED,
        "refused": CheckState.REFUSED,
    }[news.said]
    contact = contact_of(check.worker.user)
    if state == CheckState.VERIFIED and (contact is None or not names_agree(news.name, contact.full_name)):
        state = CheckState.WAITING
    return conclude_check(check_id=check.public_id, state=state, why=news.why, now=now)


def forget_decided(now: datetime) -> int:
    """Have providers delete what they collected for checks that are decided. Returns how many were asked."""
    due = to_be_forgotten(now, _PER_RUN)
    for check in due:
        provider = PROVIDERS.get(check.provider)
        outcome = provider.forget(check) if provider and provider.is_set_up() else "not_reached"
        if outcome == "not_reached":
            put_off_forgetting(check_id=check.pk, now=now)
        else:
            note_forgotten(check_id=check.pk, outcome=outcome, now=now)
    return len(due)


def take_hook(reference: str, *, now: datetime) -> None:
    """A genuine web hook named a check: ask about it."""
    check = IdentityCheck.objects.select_related("worker__user").filter(reference=reference).first()
    if check is not None:
        look(check, now=now)

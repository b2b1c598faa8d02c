"""Close an account for good: nothing may be open, and what names the person is erased.

The ledger, the journal and finished work keep their public ids: books must stay provable, and requesters keep
what they paid for. Nothing leads from an id back to a person any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import Refused
from tukro.money.actions.paying_out.methods import forget_methods
from tukro.notices.actions.keeping import forget_mails
from tukro.notices.actions.settings import forget_destinations
from tukro.notices.models import Choice, Notice, PushDevice
from tukro.people.actions.letters import forget_letters
from tukro.people.actions.phones import forget_phones
from tukro.people.models import (
    AccessKey,
    ContactDetails,
    CountryRequest,
    Profile,
    Requester,
    Session,
    SignInPlace,
    User,
    Worker,
    WorkerState,
    WorkerToken,
)
from tukro.privacy.actions.exporting import forget_exports
from tukro.privacy.queries import StillOpen, still_open
from tukro.qualifications.models import FormerClaim
from tukro.vetting.actions.tax import end_forms
from tukro.work.models import Draft, Mark, SavedSearch

GONE = "closed account"


class ThingsOpen(Refused):
    """Something has to be ended first. ``things``: list of queries.StillOpen"""


class StaffStay(Refused):
    """Staff accounts are closed by the operator."""


@transaction.atomic
def close_account(*, user: User, now: datetime) -> None:
    """Erase the person and end every way in. Writes AccountClosed. Refuses ThingsOpen, StaffStay.

    Closing twice does it once.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active:
        return
    if locked.is_staff:
        raise StaffStay
    worker = Worker.objects.select_for_update().filter(user=locked).first()
    things: Sequence[StillOpen] = still_open(locked)
    if things:
        raise ThingsOpen(things=list(things))
    record(name="AccountClosed", actor=locked.actor, subject=str(locked.actor), at=now)
    _erase(locked)
    if worker is not None:
        _erase_worker(worker, now)
    Requester.objects.filter(user=locked).update(name=GONE)
    locked.email = f"closed-{locked.pk}@invalid"
    locked.set_unusable_password()
    locked.is_active = False
    locked.save(update_fields=["email", "password", "is_active"])


def _erase(user: User) -> None:
    forget_mails(user)
    forget_exports(user)
    for model in (ContactDetails, Profile, Notice, Choice, PushDevice, Session, SignInPlace):
        model._default_manager.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    AccessKey.objects.filter(requester__user=user).delete()
    for requester in Requester.objects.filter(user=user):
        forget_destinations(requester)


def _erase_worker(worker: Worker, now: datetime) -> None:
    for model in (WorkerToken, Mark, SavedSearch, FormerClaim, CountryRequest):
        model._default_manager.filter(worker=worker).delete()
    Draft.objects.filter(assignment__worker=worker).delete()
    forget_methods(worker)
    forget_phones(worker)
    forget_letters(worker)
    end_forms(worker, now=now)
    worker.state, worker.review_reason = WorkerState.CLOSED, ""
    worker.reviewed_at, worker.reviewed_by = now, str(worker.actor)
    worker.save(update_fields=["state", "review_reason", "reviewed_at", "reviewed_by"])

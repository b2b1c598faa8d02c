"""People: users and what they may be (worker, requester, staff), how to reach them, keys to the wire."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tukro.kernel.actors import Actor
from tukro.people.models.addresses import LETTERS_UNDER_WAY as LETTERS_UNDER_WAY
from tukro.people.models.addresses import AddressLetter as AddressLetter
from tukro.people.models.addresses import LetterRun as LetterRun
from tukro.people.models.addresses import LetterState as LetterState
from tukro.people.models.addresses import Place as Place
from tukro.people.models.addresses import ProvedAddress as ProvedAddress
from tukro.people.models.phones import OPEN_CODES as OPEN_CODES
from tukro.people.models.phones import CodeState as CodeState
from tukro.people.models.phones import PhoneCode as PhoneCode
from tukro.people.models.phones import ProvedPhone as ProvedPhone
from tukro.people.models.phones import line_digest as line_digest
from tukro.people.models.phones import number_digest as number_digest
from tukro.people.models.sharing import SignInPlace as SignInPlace


class WorkerState(models.TextChoices):
    PENDING = "pending"  # asked to be a worker; staff have not decided and the policy wants that first
    ACTIVE = "active"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    CLOSED = "closed"  # by the person, for good


class ReviewMode(models.TextChoices):
    """When staff look at a new worker account."""

    BEFORE_FIRST_TASK = "before_first_task"
    AFTER = "after"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One person with one e-mail address, who signs in."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="", blank=True)  # "" = as the browser asks
    # Of the pages when they last signed in: what is written to who has chosen none.
    page_language = models.CharField(max_length=2, default="", db_default="", blank=True)
    digits = models.CharField(max_length=6, default="native")  # native (০–৯ in Bengali) or latin
    time_zone = models.CharField(max_length=64, default="Asia/Dhaka")
    joined_at = models.DateTimeField(auto_now_add=True)
    # Counted by notices and kept here, so that each visit brings it along.
    unread_notices = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.email

    @property
    def mail_language(self) -> str:
        """What to write to them in; "" when nothing is known."""
        return self.language or self.page_language

    @property
    def actor(self) -> Actor:
        return Actor("staff" if self.is_staff else "user", str(self.pk))


class ContactDetails(models.Model):
    """Where a person lives; the PIN letter and cheques go there (S1-38)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="contact", primary_key=True)
    full_name = models.CharField(max_length=120)
    address = models.CharField(max_length=300)
    postal_code = models.CharField(max_length=20)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    saved_at = models.DateTimeField()


class Profile(models.Model):
    """What a person says of themselves: languages (ISO 639-1), skills and devices (codes of rules.py)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile", primary_key=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    skills = ArrayField(models.CharField(max_length=20), default=list)
    devices = ArrayField(models.CharField(max_length=20), default=list)
    saved_at = models.DateTimeField()


class Worker(models.Model):
    """The right to take tasks."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="worker")
    public_id = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=WorkerState.choices)
    country = models.CharField(max_length=2, default="")
    subdivision = models.CharField(max_length=2, default="", db_default="")  # state, within the US
    requested_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=40, default="")
    review_reason = models.TextField(default="")
    # No new work until then, except of hire groups: the rule of the success rate. On this row because whoever
    # accepts reads it anyway.
    paused_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WorkerState.values), name="worker_state_known"),
        ]

    @property
    def locale(self) -> str:
        """Where the worker lives as requirements say it: ``BD``, ``US-CA``."""
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country

    @property
    def actor(self) -> Actor:
        return Actor("worker", self.public_id)


class CountryRequest(models.Model):
    """A worker asks staff to change the country where they work; the row goes with the decision."""

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, related_name="country_request", primary_key=True
    )
    country = models.CharField(max_length=2)  # the one that is asked for
    said = models.TextField()  # the worker's reason
    asked_at = models.DateTimeField()


class Requester(models.Model):
    """The right to post tasks and to pay for them."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="requester")
    public_id = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    # By which key this requester sees workers' ids (aliases.py); 0: by none, workers' own. Never changed.
    alias_key = models.SmallIntegerField(default=0, db_default=0)

    @property
    def actor(self) -> Actor:
        return Actor("requester", self.public_id)


class AliasKeySeen(models.Model):
    """Which key number ``no`` is, by a fingerprint of it: another one would give workers other ids."""

    no = models.SmallIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=32)
    seen_at = models.DateTimeField()


MARK_LENGTH = 16


class Session(models.Model):
    """Someone's visit. ``key`` is the hash of the cookie, so that a stolen table opens no account."""

    key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    expires_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # to the hour
    # The site's secret, sealed, under which the session was proven; empty: it must be looked up. The database
    # breaks it when the password changes or the account is closed (migrations/session_owner.sql).
    seal = models.CharField(max_length=64, default="", db_default="")
    # Who the user is, kept by the database; null when they are not.
    worker_id = models.BigIntegerField(null=True)
    worker_public_id = models.CharField(max_length=20, null=True)
    requester_id = models.BigIntegerField(null=True)
    requester_public_id = models.CharField(max_length=20, null=True)

    @property
    def mark(self) -> str:
        """Names the session to its own person. Not the cookie, and not enough of its hash to matter."""
        return self.key[:MARK_LENGTH]


class AccessKey(models.Model):
    """A pair of key id and secret for the wire. The secret is sealed: signatures need it back in clear."""

    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, related_name="access_keys")
    key_id = models.CharField(max_length=20, unique=True)
    sealed_secret = models.BinaryField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to the hour (people_wire_call)
    revoked_at = models.DateTimeField(null=True)


class WorkerToken(models.Model):
    """What lets a worker's program read the worker's pages as data, and do nothing. Kept as a hash."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    ending = models.CharField(max_length=4)  # of the token, to know it again
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to the hour
    revoked_at = models.DateTimeField(null=True)


class PayoutProof(models.TextChoices):
    """What a person proves before the first withdrawal; later ones ask nothing."""

    LETTER = "letter"  # the PIN of a letter to the postal address (S1-28)
    PHONE = "phone"  # a code in a text message to a mobile number
    NAME = "name"  # the money goes to an account in the name of the contact details


def _usual_proofs() -> list[str]:
    return [PayoutProof.LETTER.value]


class JoiningPolicy(models.Model):
    """The operator's rules for joining: one row, edited by staff, every change journalled."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    review_mode = models.CharField(max_length=20, choices=ReviewMode.choices, default=ReviewMode.AFTER)
    # Requesters who join see workers under ids of their own (aliases.py).
    aliases = models.BooleanField(default=True, db_default=True)
    payout_proofs = ArrayField(
        models.CharField(max_length=10, choices=PayoutProof.choices), default=_usual_proofs, blank=True
    )  # all of them are asked; none: withdrawals need no proof

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="joining_policy_one_row")]

"""Messages to people and to machines: each is a row first, sent by a job.

People get mails, notices on the site, and pushes to their devices. Machines get notifications (mturk-api
11): a requester's setting for a task type says where they go, and each event that it asks for becomes a
delivery to that destination.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tukro.notices.rules.destinations import ADDRESS_LENGTH, TRANSPORTS, Channel
from tukro.notices.rules.kinds import KINDS
from tukro.people.models import Requester, User, Worker
from tukro.work.models import TaskType


class Mail(models.Model):
    """One e-mail. ``key`` stops the same event from being told twice."""

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    stop = models.CharField(max_length=300, default="", db_default="")  # address that ends mails of its kind
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(default="")


class Notice(models.Model):
    """Something that a person is told on the site: behind the bell, in the language that they read.

    ``title`` and ``text`` are in ``language``, which was theirs when it happened; the others say the same in
    the house's other language. '' in notices from before both were kept.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)  # stops the same event from being told twice
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    text = models.TextField()
    link = models.CharField(max_length=300)  # a path on the site
    language = models.CharField(max_length=2)
    other_title = models.CharField(max_length=300, default="", db_default="")
    other_text = models.TextField(default="", db_default="")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(link__startswith="/"), name="notice_link_is_ours"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["created_at"], name="notice_age"),
        ]

    def said_in(self, language: str) -> tuple[str, str, str]:
        """Title, text, and the language they are in: the one asked for, where the notice has it."""
        if language == self.language or not self.other_title:
            return self.title, self.text, self.language
        return self.other_title, self.other_text, "en" if self.language == "bn" else "bn"


class Choice(models.Model):
    """By which ways a person wants to be told of a kind. No row: the kind's usual ways."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    ways = ArrayField(models.CharField(max_length=4))
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="choice_once")]


class PushDevice(models.Model):
    """A browser that a person allowed to show our notices. ``public_key`` and ``secret`` encrypt for it
    (RFC 8291): who carries the message cannot read it."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_devices")
    endpoint = models.CharField(max_length=ADDRESS_LENGTH, unique=True)
    public_key = models.CharField(max_length=90)  # base64url, as browsers give them
    secret = models.CharField(max_length=30)
    name = models.CharField(max_length=100)  # "Chrome, Android": for the person's own list
    added_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)


class Push(models.Model):
    """One message on its way to one device; gone when it was delivered or is too old to matter."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120)
    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=300)
    text = models.TextField()
    url = models.CharField(max_length=300)
    language = models.CharField(max_length=2)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.SmallIntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="push_once")]


class Cursor(models.Model):
    """How far a reader of the journal has come."""

    reader = models.CharField(max_length=30, primary_key=True)
    event_id = models.BigIntegerField(default=0)


class Destination(models.Model):
    """A place to which one requester's notifications go: one queue, topic, mailbox or web hook.

    ``next_at`` is when its next delivery is due (null: nothing waits). ``lease`` is held by the one sender
    that is busy with it, until ``leased_until`` at the longest. ``faults`` counts how often in a row it could
    not be reached; until ``retry_at`` it is left alone. A hook is ``confirmed_at`` once it has answered.
    """

    id = models.BigAutoField(primary_key=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="destinations")
    channel = models.CharField(max_length=5, choices=[(each.value, each.value) for each in Channel])
    address = models.CharField(max_length=ADDRESS_LENGTH)
    sealed_secret = models.BinaryField(null=True)  # hooks only: what posts are signed with
    confirmed_at = models.DateTimeField(null=True)
    faults = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requester", "channel", "address"], name="destination_once"),
            models.CheckConstraint(
                condition=~Q(channel=Channel.HOOK.value) | Q(sealed_secret__isnull=False),
                name="hook_has_secret",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="destination_due", condition=Q(next_at__isnull=False)),
        ]

    @property
    def transport(self) -> str:
        """As the wire calls it."""
        return TRANSPORTS[Channel(self.channel)]


class NotificationSetting(models.Model):
    """Which events of a task type are told where; one per type, as on the wire."""

    task_type = models.OneToOneField(
        TaskType, on_delete=models.PROTECT, primary_key=True, related_name="notification_setting"
    )
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="notification_settings")
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="settings")
    version = models.CharField(max_length=10)  # echoed in documents
    event_types = ArrayField(models.CharField(max_length=30))
    active = models.BooleanField()
    changed_at = models.DateTimeField()


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Delivery(models.Model):
    """One event on its way to one destination. ``document_id`` stays the same however often it is sent.

    Ids grow in the order of events: of one task's deliveries to a destination, the one with the smallest id
    that waits goes first, and the others after it.
    """

    id = models.BigAutoField(primary_key=True)
    destination = models.ForeignKey(
        Destination, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    task_type = models.ForeignKey(TaskType, on_delete=models.PROTECT, related_name="+", db_index=False)
    event_id = models.BigIntegerField(unique=True)  # of the journal: no event is told twice as news
    event_type = models.CharField(max_length=30)
    happened_at = models.DateTimeField()
    task = models.CharField(max_length=30)  # public ids
    assignment = models.CharField(max_length=30, default="")
    document_id = models.CharField(max_length=40)
    version = models.CharField(max_length=10)
    state = models.CharField(max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    error = models.TextField(default="")  # of the last attempt
    queued_at = models.DateTimeField()  # last: asking to send it again queues it anew
    settled_at = models.DateTimeField(null=True)  # delivered, or given up

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING, settled_at__isnull=True)
                | (~Q(state=DeliveryState.WAITING) & Q(settled_at__isnull=False)),
                name="delivery_settled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination", "id"],
                name="delivery_waiting",
                condition=Q(state=DeliveryState.WAITING),
            ),
            models.Index(
                fields=["destination", "task", "id"],
                name="delivery_of_task",
                condition=Q(state=DeliveryState.WAITING),
            ),
            models.Index(
                fields=["queued_at"], name="delivery_too_old", condition=Q(state=DeliveryState.WAITING)
            ),
            models.Index(fields=["destination", "-id"], name="delivery_of_destination"),
            models.Index(
                fields=["settled_at"], name="delivery_settled_at", condition=Q(settled_at__isnull=False)
            ),
        ]


class Conversation(models.Model):
    """What one worker and one requester write to each other about one thing.

    ``about`` is the public id of an assignment or of a group, or ''; ``subject`` its title. Neither sees the
    other's address: texts are relayed.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="conversations", db_index=False)
    requester = models.ForeignKey(
        Requester, on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    about = models.CharField(max_length=30, default="")
    subject = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()
    started_by = models.CharField(max_length=9)  # a side: rules/relay.py
    last_at = models.DateTimeField()
    last_by = models.CharField(max_length=9)
    worker_unread = models.IntegerField(default=0)
    requester_unread = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "requester", "about"], name="conversation_once"),
        ]
        indexes = [
            models.Index(fields=["worker", "-last_at", "-id"], name="conversation_of_worker"),
            models.Index(fields=["requester", "-last_at", "-id"], name="conversation_of_requester"),
        ]


class Message(models.Model):
    """One text of a conversation, as it was relayed: what was taken out is nowhere kept."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30, unique=True)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=9)
    text = models.TextField()
    masked = models.BooleanField(default=False)
    warned = models.BooleanField(default=False)  # holds a link or an address that the reader is warned of
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_of_conversation"),
            models.Index(fields=["author", "sent_at"], name="message_of_author"),
        ]


class Mute(models.Model):
    """``by`` (a side) wants no more messages from the other."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="mutes")
    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, related_name="mutes")
    by = models.CharField(max_length=9)
    muted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "requester", "by"], name="mute_once")]


class MessageReport(models.Model):
    """The reader of a message tells staff about it."""

    id = models.BigAutoField(primary_key=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="report")
    note = models.TextField(default="")
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [models.Index(fields=["id"], name="report_open", condition=Q(settled_at__isnull=True))]


class RelayPolicy(models.Model):
    """The operator's rules for messages: one row. The texts of rules/relay.Treatment."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    contacts = models.CharField(max_length=5, default="mask", db_default="mask")
    links = models.CharField(max_length=5, default="warn", db_default="warn")
    worker_per_day = models.IntegerField(default=50, db_default=50)
    requester_per_day = models.IntegerField(default=1000, db_default=1000)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="relay_policy_one")]

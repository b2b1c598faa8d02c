"""The journal: append-only record of who did what to which thing. History and outbox in one."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One thing that happened.

    ``name`` is MTurk's event name where the wire has one (``AssignmentSubmitted``). ``actor`` is
    ``kind:id`` (kernel.actors), ``subject`` the public id of the thing. ``xact`` is the transaction
    that wrote the row: readers that follow the journal take only rows of transactions older than every
    running one, so that a row that commits late is never skipped.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    # xact xid8 not null default pg_current_xact_id(): added by SQL, Django has no field for it.

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="event_by_subject")]

"""Messages to people: every mail is a row first, sent by a job when a mail server is configured."""

from __future__ import annotations

from django.db import models


class Mail(models.Model):
    """One e-mail. ``key`` stops the same event from being told twice."""

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(default="")


class Cursor(models.Model):
    """How far a reader of the journal has come."""

    reader = models.CharField(max_length=30, primary_key=True)
    event_id = models.BigIntegerField(default=0)

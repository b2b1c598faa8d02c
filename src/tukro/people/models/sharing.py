"""From where people sign in, as far as it tells whether two accounts are of one person."""

from __future__ import annotations

from django.db import models


class SignInPlace(models.Model):
    """A line on which somebody signed in, by a browser of this name; kept for SIGN_INS_KEPT.

    ``line`` is a keyed hash of the IP address: it tells equal ones and nothing else. ``device`` is what the
    person reads in their own list of devices ("Chrome, Android"). Nothing more of a browser is looked at.
    """

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="sign_in_places")
    line = models.BinaryField(max_length=32)
    device = models.CharField(max_length=60)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "device", "user"], name="sign_in_place_once"),
        ]

"""A task's work by the moment it was handed in: programs read it page by page."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside running work

    dependencies = [("work", "0006_reviewing_for_programs")]

    operations = [
        AddIndexConcurrently(
            "assignment",
            models.Index(
                fields=["task", "submitted_at", "id"],
                name="assignment_handed_in",
                condition=models.Q(submitted_at__isnull=False),
            ),
        ),
    ]

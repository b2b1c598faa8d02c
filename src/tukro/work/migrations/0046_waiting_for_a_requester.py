"""What waits for one requester's review is found by an index, in whatever batch it lies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0045_time_worked")]

    operations = [
        migrations.AddIndex(
            "assignment",
            models.Index(
                fields=["requester_id", "batch_id", "auto_approve_at"],
                name="assignment_to_review",
                condition=models.Q(state="submitted"),
            ),
        ),
    ]

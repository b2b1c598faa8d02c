"""Tasks are made of a type that is found by its terms; those to review are found without looking at open ones."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
OLD = (
    "work_create_task(text, text, bigint, text, text, text, text, text, text, text, int, text, int, timestamptz,"
    " text, text, timestamptz)"
)


class Migration(migrations.Migration):
    dependencies = [("work", "0011_no_work_for_inactive_types")]

    operations = [
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(("disposed_at__isnull", True), ("reviewable_at__isnull", False)),
                fields=["requester_id", "expires_at", "id"],
                name="task_to_review",
            ),
        ),
        # It takes one argument more, which replacing alone may not add.
        migrations.RunSQL(f"drop function if exists {OLD}", migrations.RunSQL.noop),
        migrations.RunSQL((HERE / "tasks.sql").read_text(), migrations.RunSQL.noop),
    ]

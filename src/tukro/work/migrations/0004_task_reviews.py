"""Tasks say whether a review policy looks at each submission, and submitting says so to its caller."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0003_functions")]

    operations = [
        migrations.AddField("task", "reviews", models.BooleanField(db_default=False, default=False)),
        migrations.RunSQL(
            # The answer has one column more, which replacing alone may not add.
            "drop function work_submit(text, bigint, jsonb, timestamptz, boolean);"
            + (HERE / "assigning.sql").read_text(),
            migrations.RunSQL.noop,
        ),
    ]

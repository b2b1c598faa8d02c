"""The requester says how long a repair may take."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
OLD = "drop function if exists work_revise(text, bigint, text, text, text, timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("work", "0026_same_answer")]

    operations = [
        migrations.RunSQL(OLD + (HERE / "reviewing.sql").read_text(), migrations.RunSQL.noop),
    ]

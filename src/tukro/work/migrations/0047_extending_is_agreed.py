"""Extending a batch sets aside what its requester agreed to, and leaves alone what they ended task by task."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
OLD = "drop function if exists work_extend(bigint, text, text, int, timestamptz, text, timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("work", "0046_waiting_for_a_requester")]

    operations = [
        migrations.RunSQL(OLD + (HERE / "closing.sql").read_text(), migrations.RunSQL.noop),
    ]

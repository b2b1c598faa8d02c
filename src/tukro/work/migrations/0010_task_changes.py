"""Single tasks change: more places, another end, another type; listings count until when something is free."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
FILES = ("closing.sql", "listing.sql", "tasks.sql")


class Migration(migrations.Migration):
    dependencies = [("work", "0009_gate_knows_stale_facts")]

    operations = [
        # Their answers and questions changed, which replacing alone may not do.
        migrations.RunSQL(
            "drop function if exists work_count_open(bigint, timestamptz);"
            "drop function if exists work_refresh_listings(bigint[], timestamptz)",
            migrations.RunSQL.noop,
        ),
        *(migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop) for name in FILES),
    ]

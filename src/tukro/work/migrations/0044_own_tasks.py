"""Where money is real nobody takes a task that they themselves post."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "assigning.sql").read_text()

# Without the last argument, beside which PostgreSQL could not choose. A process of the version before, which calls
# them so, finds those that have a default for it.
OLDER = """
drop function if exists work_gate(bigint, bigint, bigint, timestamptz);
drop function if exists work_accept_next(text, bigint, text, text, timestamptz, boolean);
drop function if exists work_accept_task(text, bigint, text, text, timestamptz, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0043_appeals_outlive_tasks")]

    operations = [migrations.RunSQL(OLDER + SQL, migrations.RunSQL.noop)]

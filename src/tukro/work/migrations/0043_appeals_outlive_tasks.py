"""A rejection against which an appeal is open can be overturned though its task was deleted."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "reviewing.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("work", "0042_lock_without_a_query")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]

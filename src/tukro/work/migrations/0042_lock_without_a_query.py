"""Accepting takes the worker's turn by an assignment: no query is made for the lock alone."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "assigning.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("work", "0041_seen_answers")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]

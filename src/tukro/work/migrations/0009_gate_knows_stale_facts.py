"""Accepting asks the qualifications room, which knows when a worker's facts have changed since."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0008_forms_are_checked"), ("qualifications", "0005_judging")]

    operations = [migrations.RunSQL((HERE / "assigning.sql").read_text(), migrations.RunSQL.noop)]

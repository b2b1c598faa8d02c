"""Reviewing as programs do it: silence is approval also before the house has paid; no verdict on deleted tasks."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0005_wire_tasks")]

    operations = [migrations.RunSQL((HERE / "reviewing.sql").read_text(), migrations.RunSQL.noop)]

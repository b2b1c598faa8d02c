"""No new task of a type that asks for a qualification type which is switched off or deleted."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0010_task_changes"), ("qualifications", "0005_judging")]

    operations = [migrations.RunSQL((HERE / "tasks.sql").read_text(), migrations.RunSQL.noop)]

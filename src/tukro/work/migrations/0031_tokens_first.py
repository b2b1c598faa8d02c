"""A token that made a task is answered so, whatever has become of its type and category since."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0030_counted_when_due")]

    operations = [migrations.RunSQL((HERE / "tasks.sql").read_text(), migrations.RunSQL.noop)]

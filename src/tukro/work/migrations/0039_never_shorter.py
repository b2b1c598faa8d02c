"""More time for a batch takes none from a task that has more already."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0038_back_by_batch")]

    operations = [migrations.RunSQL((HERE / "closing.sql").read_text(), migrations.RunSQL.noop)]

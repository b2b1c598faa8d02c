"""An answer whose repair does not come counts as it was; it can be sent back three times."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0048_held_by_staff")]

    operations = [
        migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
        for name in ("assigning.sql", "reviewing.sql", "tasks.sql")
    ]

"""Money of places that nobody was paid for goes back batch by batch, and its transfers name the batch."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0037_silent_approvals")]

    operations = [
        migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
        for name in ("assigning.sql", "closing.sql")
    ]

"""A session is proven when it is written, not when it is used: its row alone says whose it is."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent

OWNERS = """
drop function people_worker_by_session(text, text, timestamptz, timestamptz);
drop function people_requester_by_session(text, text, timestamptz, timestamptz);
update people_session set seal = '';
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0021_sharing")]

    operations = [
        migrations.RenameField("session", "stamp", "seal"),
        migrations.AddField("session", "worker_id", models.BigIntegerField(null=True)),
        migrations.AddField("session", "worker_public_id", models.CharField(max_length=20, null=True)),
        migrations.AddField("session", "requester_id", models.BigIntegerField(null=True)),
        migrations.AddField("session", "requester_public_id", models.CharField(max_length=20, null=True)),
        migrations.RunSQL((HERE / "session_owner.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
    ]

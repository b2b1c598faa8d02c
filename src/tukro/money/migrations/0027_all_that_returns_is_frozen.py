"""What comes back to a requester during an inquiry is frozen whatever way it comes, and no inquiry is missed."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("money", "0026_one_door_to_spend")]

    operations = [
        migrations.RunSQL(
            f"{(HERE / 'returning.sql').read_text()}\ndrop function if exists money_freeze_returned;",
            migrations.RunSQL.noop,
        )
    ]

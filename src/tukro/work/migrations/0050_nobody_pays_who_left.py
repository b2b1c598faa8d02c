"""A rejection of somebody who closed their account is not overturned any more: nobody could take the money."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "reviewing.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("work", "0049_repairs_that_do_not_come")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]

"""A call on the wire notes, once an hour, that its key was used."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("people", "0005_wire_calls")]

    operations = [migrations.RunSQL((HERE / "wire_call.sql").read_text(), migrations.RunSQL.noop)]

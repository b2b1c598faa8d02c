"""A call on the wire looks its signature up by index, however few were remembered when its plan was made."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("people", "0015_address_letters")]

    operations = [migrations.RunSQL((HERE / "wire_call.sql").read_text(), migrations.RunSQL.noop)]

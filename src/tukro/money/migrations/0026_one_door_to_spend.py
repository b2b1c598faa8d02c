"""Whatever spends a requester's balance goes through one door, which knows who owes the house."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("money", "0025_returned_is_frozen")]

    operations = [migrations.RunSQL((HERE / "spending.sql").read_text(), migrations.RunSQL.noop)]

"""Whoever owes the house adds no places and offers no rejected work again, as they publish nothing."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("money", "0023_frozen_disputes")]

    operations = [migrations.RunSQL((HERE / "spending.sql").read_text(), migrations.RunSQL.noop)]

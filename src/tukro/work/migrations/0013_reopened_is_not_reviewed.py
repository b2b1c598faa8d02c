"""A task whose place is offered again is not being looked through any more, and locks keep to their order."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0012_found_by_terms")]

    operations = [migrations.RunSQL((HERE / "reviewing.sql").read_text(), migrations.RunSQL.noop)]

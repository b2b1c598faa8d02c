"""A repeated answer to a proof form is compared as it is kept, not as it was posted."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0025_replies")]

    operations = [migrations.RunSQL((HERE / "assigning.sql").read_text(), migrations.RunSQL.noop)]

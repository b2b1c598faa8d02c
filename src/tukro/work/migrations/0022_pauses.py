"""Who takes a pause accepts no new work."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0021_partial_files"),
        ("people", "0010_pauses"),
        ("qualifications", "0009_levels"),
    ]

    operations = [migrations.RunSQL((HERE / "assigning.sql").read_text(), migrations.RunSQL.noop)]

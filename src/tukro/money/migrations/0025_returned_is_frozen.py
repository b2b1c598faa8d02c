"""What comes back from tasks while a payer asks about a deposit is frozen with what was unspent of it."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("money", "0024_debtors_add_nothing")]

    operations = [
        migrations.AddIndex(
            "dispute",
            models.Index(
                condition=models.Q(("state", "frozen")), fields=["deposit"], name="dispute_asked_about"
            ),
        ),
        migrations.RunSQL((HERE / "returning.sql").read_text(), migrations.RunSQL.noop),
    ]

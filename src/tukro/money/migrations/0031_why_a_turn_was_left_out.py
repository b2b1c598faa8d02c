"""Regular withdrawals remember why their last turn was left out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("money", "0030_nobody_to_take_it")]

    operations = [
        migrations.AddField(
            "payoutschedule",
            "left_out_for",
            models.CharField(default="", db_default="", max_length=40),
        )
    ]

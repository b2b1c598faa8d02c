"""A withdrawal that comes back for a closed account is something that staff must look at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("money", "0029_a_place_is_asked_about_again")]

    operations = [
        migrations.AlterField(
            "payoutsignal",
            "kind",
            models.CharField(
                choices=[
                    ("identity", "Shared Identity"),
                    ("contradiction", "Contradiction"),
                    ("nobody", "Nobody"),
                ],
                max_length=20,
            ),
        )
    ]

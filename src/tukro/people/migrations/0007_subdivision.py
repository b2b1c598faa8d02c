"""Workers in the United States say in which state they live, because work may ask for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_key_use_noted")]

    operations = [
        migrations.AddField(
            "worker", "subdivision", models.CharField(db_default="", default="", max_length=2)
        ),
    ]

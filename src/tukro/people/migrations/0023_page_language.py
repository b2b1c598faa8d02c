"""Who has chosen no language is written to in that of the pages they read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0022_session_owner")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="page_language",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
    ]

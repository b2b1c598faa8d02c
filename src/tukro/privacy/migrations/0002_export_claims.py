from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_own_data")]

    operations = [
        migrations.AddField("dataexport", "claimed_until", models.DateTimeField(null=True)),
    ]

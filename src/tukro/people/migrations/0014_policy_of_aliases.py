"""Whether requesters who join see workers under ids of their own: the operator's choice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0013_aliases")]

    operations = [
        migrations.AddField("joiningpolicy", "aliases", models.BooleanField(default=True, db_default=True)),
    ]

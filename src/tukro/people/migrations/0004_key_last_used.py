"""When an access key was last used, so that its owner can tell a forgotten one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_visit")]

    operations = [
        migrations.AddField("accesskey", "last_used_at", models.DateTimeField(null=True)),
    ]

"""When a mail last asked to confirm a place of withdrawal: so far, when the place was added."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("money", "0028_paid_once_is_quick_to_read")]

    operations = [
        migrations.AddField("payoutmethod", "asked_at", models.DateTimeField(null=True)),
        migrations.RunSQL("update money_payoutmethod set asked_at = added_at", migrations.RunSQL.noop),
        migrations.AlterField("payoutmethod", "asked_at", models.DateTimeField()),
    ]

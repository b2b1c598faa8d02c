"""A list that was read is compared with from when it is taken, which a second person may have to agree to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vetting", "0005_forget_at_provider")]

    operations = [
        migrations.AddField("sanctionslist", "taken_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "sanctionslist", "taken_by", models.CharField(default="", db_default="", max_length=40)
        ),
        migrations.RunSQL(
            "update vetting_sanctionslist set taken_at = imported_at, taken_by = imported_by",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint("sanctionslist", "sanctions_list_one_current"),
        migrations.AddConstraint(
            "sanctionslist",
            models.UniqueConstraint(
                condition=models.Q(("replaced_at", None), ("taken_at__isnull", False)),
                fields=("source",),
                name="sanctions_list_one_current",
            ),
        ),
    ]

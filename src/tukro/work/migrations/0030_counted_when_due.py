"""Large groups of the open list are counted anew a while after something happened to them, not every time."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0029_checked_at_once")]

    operations = [
        migrations.AddField("listing", "count_due", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "listing",
            models.Index(
                condition=models.Q(("count_due__isnull", False)),
                fields=["count_due"],
                name="listing_to_count",
            ),
        ),
        migrations.RunSQL((HERE / "listing.sql").read_text(), migrations.RunSQL.noop),
    ]

"""Staff hold a batch until they release it; no more work of its terms is made meanwhile."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0047_extending_is_agreed")]

    operations = [
        migrations.AddField("batch", "held_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "batch", "held_for", models.CharField(blank=True, db_default="", default="", max_length=30)
        ),
        migrations.AddIndex(
            "batch",
            models.Index(fields=["task_type"], name="batch_held", condition=Q(held_at__isnull=False)),
        ),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_for="") | (Q(held_at__isnull=False) & ~Q(held_for="")),
                name="batch_held_for",
            ),
        ),
        *(
            migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
            for name in ("publishing.sql", "tasks.sql")
        ),
    ]

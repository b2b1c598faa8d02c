"""Requesters choose by which ways they hear of what was approved by silence."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0008_both_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "account",
                            "payout",
                            "bonus",
                            "rejection",
                            "revision",
                            "message",
                            "appeal",
                            "invitation",
                            "qualification",
                            "level",
                            "alert",
                            "posting",
                            "silence",
                        ],
                    )
                ),
                name="notice_kind_known",
            ),
        ),
    ]

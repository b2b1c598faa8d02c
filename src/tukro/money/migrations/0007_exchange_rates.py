"""What a dollar is in other currencies, and what each payout froze of it."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
create trigger exchange_rate_kept before update or delete on money_exchangerate
    for each statement execute function ledger_refuse();
create trigger exchange_rate_kept_whole before truncate on money_exchangerate
    for each statement execute function ledger_refuse();
"""
UNDO = """
drop trigger exchange_rate_kept on money_exchangerate;
drop trigger exchange_rate_kept_whole on money_exchangerate;
"""


class Migration(migrations.Migration):
    dependencies = [("money", "0006_goals"), ("ledger", "0003_functions")]

    operations = [
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=6, max_digits=18)),
                ("spread_basis_points", models.PositiveIntegerField(default=0)),
                ("source", models.CharField(max_length=80)),
                ("entered_by", models.CharField(max_length=60)),
                ("entered_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["currency", "-entered_at", "-id"], name="exchange_rate_latest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0)), name="exchange_rate_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("spread_basis_points__lt", 10000)), name="exchange_spread"
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, UNDO),
        migrations.AddField("payout", "currency", models.CharField(default="USD", max_length=3)),
        migrations.AddField("payout", "receives_units", models.BigIntegerField(null=True)),
        migrations.RunSQL("update money_payout set receives_units = amount - fee", migrations.RunSQL.noop),
        migrations.AlterField("payout", "receives_units", models.BigIntegerField()),
        migrations.AddField(
            "payout",
            "rate",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="money.exchangerate",
            ),
        ),
        migrations.AddConstraint(
            "payout",
            models.CheckConstraint(
                condition=models.Q(
                    ("currency", "USD"),
                    ("rate__isnull", True),
                    ("receives_units", models.F("amount") - models.F("fee")),
                )
                | (~models.Q(currency="USD") & models.Q(("rate__isnull", False), ("receives_units__gt", 0))),
                name="payout_receives",
            ),
        ),
    ]

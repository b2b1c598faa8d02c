"""What every payment is checked against holds its words as one constant: PostgreSQL reads it anew for each statement."""

from django.db import migrations

SQL = """
alter table ledger_transfer
  drop constraint money_paid_once,
  add constraint money_paid_once check (
    kind::text <> all ('{reward,reward_after_release}'::text[]) or key = 'reward:' || subject
  );
"""


class Migration(migrations.Migration):
    dependencies = [("money", "0027_all_that_returns_is_frozen")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]

"""That a rejection has a reason is looked at when one is written, not at every change of an assignment.

A check constraint's words are read anew by every statement that writes a row of the table: for this one, a
twentieth of what handing in costs.
"""

from django.db import migrations

WHEN_WRITTEN = """
alter table work_assignment drop constraint rejection_has_reason;

create function work_refuse_rejection() returns trigger language plpgsql as $$
begin
  raise exception 'assignment % would be rejected without a reason', new.id
    using errcode = 'check_violation', constraint = 'rejection_has_reason', table = 'work_assignment';
end $$;
create constraint trigger rejection_has_reason after update of rejected_at on work_assignment
  for each row when (new.state = 'rejected' and (new.reason_code = '' or new.rejected_at is null))
  execute function work_refuse_rejection();
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0034_answers_beside_terms")]

    operations = [
        migrations.RunSQL(
            WHEN_WRITTEN,
            state_operations=[migrations.RemoveConstraint("assignment", "rejection_has_reason")],
        ),
    ]

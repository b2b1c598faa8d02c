"""The state of an assignment is of a type that has its words: no statement that writes one checks them any more."""

from django.db import migrations

WITHOUT = """
alter table work_assignment drop constraint assignment_state_known;
drop trigger rejection_has_reason on work_assignment;
drop index assignment_queue, assignment_silence, assignment_to_release, assignment_once_per_worker;
"""

TYPE = """
create type work_assignment_state as enum
  ('accepted', 'submitted', 'revising', 'approved', 'rejected', 'returned', 'abandoned');
alter table work_assignment alter column state type work_assignment_state using state::work_assignment_state;
"""

WITH = """
create unique index assignment_once_per_worker on work_assignment (task_id, worker_id)
  where not (state in ('returned', 'abandoned'));
create index assignment_queue on work_assignment (worker_id, deadline_at) where state in ('accepted', 'revising');
create index assignment_silence on work_assignment (auto_approve_at) where state = 'submitted';
create index assignment_to_release on work_assignment (release_at) where state = 'rejected' and released_at is null;
create constraint trigger rejection_has_reason after update of rejected_at on work_assignment
  for each row when (new.state = 'rejected' and (new.reason_code = '' or new.rejected_at is null))
  execute function work_refuse_rejection();
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0035_rejections_have_reasons")]

    operations = [
        migrations.RunSQL(
            WITHOUT + TYPE + WITH,
            state_operations=[migrations.RemoveConstraint("assignment", "assignment_state_known")],
        ),
    ]

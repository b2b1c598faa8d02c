"""An assignment carries the terms that it was accepted under, so that handing in and approving read its row alone."""

from pathlib import Path

from django.db import migrations, models

import tukro.money.models.fields

HERE = Path(__file__).parent

COLUMNS = """
alter table work_assignment
  add column hold bigint, add column reward bigint, add column fee bigint, add column auto_approve_seconds int,
  add column own_form boolean, add column reviews boolean, add column had_draft boolean,
  add column group_id varchar(30), add column task_public_id varchar(30), add column worker_public_id varchar(20);

update work_assignment s
   set hold = l.hold, reward = y.reward, fee = y.fee, auto_approve_seconds = y.auto_approve_seconds,
       own_form = q.kind in ('proof', 'form'), reviews = t.reviews,
       had_draft = exists (select from work_draft d where d.assignment_id = s.id),
       group_id = y.group_id, task_public_id = t.public_id, worker_public_id = w.public_id
  from work_lane l, work_tasktype y, work_task t, work_question q, people_worker w
 where l.id = s.lane_id and y.id = s.task_type_id and t.id = s.task_id and q.id = t.question_id and w.id = s.worker_id;

alter table work_assignment
  alter hold set not null, alter reward set not null, alter fee set not null, alter auto_approve_seconds set not null,
  alter own_form set not null, alter reviews set not null, alter had_draft set not null,
  alter group_id set not null, alter task_public_id set not null, alter worker_public_id set not null;

drop function if exists work_take(bigint, bigint, text, bigint, bigint, bigint, int, bigint, text, text, timestamptz);
"""

FIELDS = {
    "hold": models.BigIntegerField(),
    "reward": tukro.money.models.fields.MoneyField(),
    "fee": tukro.money.models.fields.MoneyField(),
    "auto_approve_seconds": models.IntegerField(),
    "own_form": models.BooleanField(),
    "reviews": models.BooleanField(),
    "had_draft": models.BooleanField(),
    "group_id": models.CharField(max_length=30),
    "task_public_id": models.CharField(max_length=30),
    "worker_public_id": models.CharField(max_length=20),
}


class Migration(migrations.Migration):
    dependencies = [("work", "0032_tried_first")]

    operations = [
        migrations.RunSQL(
            COLUMNS,
            state_operations=[
                migrations.AddField("assignment", name, field, preserve_default=False)
                for name, field in FIELDS.items()
            ],
        ),
        *(
            migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
            for name in ("assigning.sql", "reviewing.sql", "closing.sql")
        ),
    ]

"""Requesters who have seen no worker's id yet see ids of their own from now on; the others keep what they know.

Here because conversations, too, have shown ids; no room below knows all the ways.
"""

from django.db import migrations

GIVE = """
update people_requester set alias_key = 1
 where alias_key = 0
   and id not in (select requester_id from work_assignment)
   and id not in (select requester_id from notices_conversation)
   and id not in (select requester_id from qualifications_block)
   and id not in (select requester_id from qualifications_formerworker)
   and id not in (
     select t.requester_id from qualifications_qualificationtype t
      where t.requester_id is not null
        and (exists (select from qualifications_qualification q where q.type_id = t.id)
          or exists (select from qualifications_qualificationrequest q where q.type_id = t.id)
          or exists (select from qualifications_invitation i where i.group_id = t.id)))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0006_kinds_that_happen"),
        ("people", "0014_policy_of_aliases"),
        ("qualifications", "0011_practice"),
        ("work", "0026_same_answer"),
    ]

    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]

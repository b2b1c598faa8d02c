"""When a session began and was last seen, for the person's list of signed-in devices; the visit brings the last."""

from django.db import migrations, models

VISIT = """
drop function people_visit(text, timestamptz);
create function people_visit(p_key text, p_now timestamptz)
returns table (
    session_data text,
    user_id bigint, user_password varchar, user_is_superuser boolean, user_email varchar, user_is_active boolean,
    user_is_staff boolean, user_language varchar, user_digits varchar, user_time_zone varchar,
    worker_id bigint, worker_user_id bigint, worker_public_id varchar, worker_state varchar, worker_country varchar,
    requester_id bigint, requester_user_id bigint, requester_public_id varchar, requester_name varchar,
    user_unread_notices integer{column}
)
language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
    select s.data::text,
           u.id, u.password, u.is_superuser, u.email, u.is_active,
           u.is_staff, u.language, u.digits, u.time_zone,
           w.id, w.user_id, w.public_id, w.state, w.country,
           r.id, r.user_id, r.public_id, r.name,
           u.unread_notices{value}
    from people_session s
    left join people_user u on u.id = s.user_id
    left join people_worker w on w.user_id = s.user_id
    left join people_requester r on r.user_id = s.user_id
    where s.key = p_key and s.expires_at > p_now;
end
$$;
"""
WITH_SEEN = VISIT.replace("{column}", ", session_seen_at timestamptz").replace("{value}", ", s.seen_at")
WITHOUT = VISIT.replace("{column}", "").replace("{value}", "")


class Migration(migrations.Migration):
    dependencies = [("people", "0010_pauses")]

    operations = [
        migrations.AddField("session", "started_at", models.DateTimeField(null=True)),
        migrations.AddField("session", "seen_at", models.DateTimeField(null=True)),
        migrations.RunSQL(WITH_SEEN, WITHOUT),
    ]

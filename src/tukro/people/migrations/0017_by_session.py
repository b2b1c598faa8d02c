"""A session is proven to the database itself, so that a verb's own statement finds whose session it is.

``stamp`` says that the session was made with the password that its person still has, under the secret that the
site still has (web/entry/sessions.py writes it, where Django's own hash was found right). The functions answer nulls
unless everything holds that the page's look-up asks for; a session that has not been noted for an hour is
answered so, too: the look-up notes it. In PL/pgSQL, which the planner cannot take apart: nothing that stands
beside the call in a statement runs before its conditions have been looked at.
"""

from django.db import migrations, models

BY_SESSION = """
create function people_{kind}_by_session(
    p_key text, p_seal text, p_now timestamptz, p_seen_since timestamptz, out id bigint, out public_id text
)
language plpgsql stable as $$
begin
    select k.id, k.public_id into id, public_id
    from people_session s
    join people_user u on u.id = s.user_id
    join people_{kind} k on k.user_id = s.user_id
    where s.key = p_key and s.expires_at > p_now and s.seen_at > p_seen_since and u.is_active
      and s.stamp = encode(sha256(convert_to(p_seal || u.password, 'UTF8')), 'hex');
end
$$;
"""
UNDO = "drop function people_{kind}_by_session(text, text, timestamptz, timestamptz)"


class Migration(migrations.Migration):
    dependencies = [("people", "0016_wire_call_by_index")]

    operations = [
        migrations.AddField("session", "stamp", models.CharField(max_length=64, default="", db_default="")),
        *(
            migrations.RunSQL(BY_SESSION.format(kind=kind), UNDO.format(kind=kind))
            for kind in ("worker", "requester")
        ),
    ]

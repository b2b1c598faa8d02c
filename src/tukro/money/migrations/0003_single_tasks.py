"""Money of tasks that are made one by one: straight from the requester's balance into the holds of their lanes."""

from django.db import migrations

FUNCTIONS = """
-- What a requester could spend at this moment: a look without a lock.
create function money_available(p_requester text) returns bigint language plpgsql set enable_seqscan = off as $$
begin
    return coalesce((select balance from ledger_account
        where code = 'requester_available' and owner = p_requester and ref = '' and currency = 'USD'), 0);
end $$;

-- Opens the holds of a task that is just being made. Refs are new ones: nothing is looked up.
create function money_open_holds(p_requester text, p_refs text[], p_at timestamptz)
    returns table (ref text, hold bigint) language plpgsql as $$
begin
    return query
        insert into ledger_account as a (code, owner, ref, currency, normal, floor, cached, opened_at)
            select 'hold', p_requester, r.ref, 'USD', 'C', 0, true, p_at
            from unnest(p_refs) with ordinality as r(ref, n) order by r.n
            returning a.ref::text, a.id;
end $$;

-- Moves the amounts from the requester's balance into the holds. A balance that is too small raises.
create function money_fill_holds(
    p_requester text, p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns void language plpgsql as $$
declare
    v_total bigint := (select sum(amount) from unnest(p_amounts) as amount);
begin
    if v_total > 0 then
        perform ledger_post('set_aside', p_key, p_subject, p_at, money_requester_account(p_requester, p_at) || p_holds,
            v_total || array(select -l.amount from unnest(p_amounts) with ordinality as l(amount, n) order by l.n));
    end if;
end $$;
"""

UNDO = """
drop function money_fill_holds, money_open_holds, money_available;
"""


class Migration(migrations.Migration):
    dependencies = [("money", "0002_functions")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]

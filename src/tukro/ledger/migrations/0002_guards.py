"""What the database itself refuses: see docs/money.md, "What cannot happen"."""

from django.db import migrations

# TK002 is raised for everything that only broken code can try; nobody catches it.
GUARDS = """
create function ledger_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% on % is refused: the ledger only grows', tg_op, tg_table_name using errcode = 'TK002';
end $$;

create trigger transfer_kept before update or delete on ledger_transfer
    for each statement execute function ledger_refuse();
create trigger transfer_kept_whole before truncate on ledger_transfer
    for each statement execute function ledger_refuse();
create trigger entry_kept before update or delete on ledger_entry
    for each statement execute function ledger_refuse();
create trigger entry_kept_whole before truncate on ledger_entry
    for each statement execute function ledger_refuse();
create trigger account_kept before delete on ledger_account
    for each statement execute function ledger_refuse();
create trigger account_kept_whole before truncate on ledger_account
    for each statement execute function ledger_refuse();

-- A balance is changed by the trigger on entries alone (inside it the depth is 1); the rest of an account never.
-- Statement triggers: a row trigger would lock each account once more and read its condition anew every time.
create trigger account_balance_kept before update on ledger_account
    for each statement when (pg_trigger_depth() = 0) execute function ledger_refuse();
create trigger account_identity_kept
    before update of id, code, owner, ref, currency, normal, floor, cached, opened_at on ledger_account
    for each statement execute function ledger_refuse();
create trigger account_well_born before insert on ledger_account
    for each row when (
        new.balance <> 0 or new.normal not in ('D', 'C') or (new.floor is not null and not new.cached)
    ) execute function ledger_refuse();

create function ledger_add_up(p_accounts bigint[], p_growths bigint[]) returns void language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
    with change as (
        select l.account_id, sum(l.growth)::bigint as growth
        from unnest(p_accounts, p_growths) as l(account_id, growth) group by l.account_id
    ), locked as materialized (
        select a.id, c.growth from change c join ledger_account a on a.id = c.account_id
        order by a.id for no key update of a
    )
    update ledger_account a set balance = a.balance + l.growth from locked l where a.id = l.id;
end $$;

-- Entries are judged statement by statement, so a transfer's entries must come in one statement. That is
-- stricter than a check at commit, and cannot be passed by with SET CONSTRAINTS.
create function ledger_entries_added() returns trigger language plpgsql
    -- Plans are kept per session. Made while a table is small they would scan it, and go on when it is large.
    set enable_seqscan = off
as $$
declare
    v_one boolean;  -- one transfer in one currency: nearly always
    v_known boolean;
    v_moves boolean;
    v_ours boolean;
    v_sum numeric;
    v_accounts bigint[];
    v_growths bigint[];
begin
    -- LATERAL with OFFSET 0 is a look-up by id for each entry; a join could be planned as a scan.
    select min(e.transfer_id) = max(e.transfer_id) and min(a.currency) = max(a.currency),
            bool_and(a.id is not null), bool_and(t.ours is not null), bool_and(e.amount <> 0), sum(e.amount),
            array_agg(a.id order by a.id) filter (where a.cached),
            array_agg(e.amount * a.direction order by a.id) filter (where a.cached)
        into v_one, v_known, v_ours, v_moves, v_sum, v_accounts, v_growths
        from added e
        left join lateral (
            select true as ours from ledger_transfer t
            where t.id = e.transfer_id and t.xact = pg_current_xact_id() offset 0
        ) t on true
        left join lateral (
            select a.id, a.currency, a.cached, case a.normal when 'D' then 1 else -1 end as direction
            from ledger_account a where a.id = e.account_id offset 0
        ) a on true;
    if not v_known then
        raise exception 'an entry names an account that does not exist' using errcode = 'TK002';
    elsif not v_ours then
        raise exception 'an entry names a transfer of another transaction' using errcode = 'TK002';
    elsif not v_moves then
        raise exception 'an entry moves nothing' using errcode = 'TK002';
    end if;
    if not v_one then
        select max(abs(l.off_by)) into v_sum from (
            select sum(e.amount) as off_by from added e
            cross join lateral (select a.currency from ledger_account a where a.id = e.account_id offset 0) a
            group by e.transfer_id, a.currency
        ) l;
    end if;
    if v_sum <> 0 then
        raise exception 'the entries of a transfer do not sum to zero' using errcode = 'TK002';
    end if;

    -- Every writer locks in id order. Accounts that are not cached (the house, the outside) are never locked.
    if v_one and cardinality(v_accounts) <= 4 then  -- a few are quicker one by one
        for i in 1 .. cardinality(v_accounts) loop
            update ledger_account set balance = balance + v_growths[i] where id = v_accounts[i];
        end loop;
    else
        perform ledger_add_up(v_accounts, v_growths);
    end if;
    return null;
end $$;
create trigger entries_added after insert on ledger_entry
    referencing new table as added for each statement execute function ledger_entries_added();

create function ledger_transfer_made() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    -- Entries of one statement that sum to zero are at least two; what is left to refuse is none at all.
    perform from ledger_entry e where e.transfer_id = new.id limit 1;
    if not found then
        raise exception 'transfer % has no entries', new.id using errcode = 'TK002';
    end if;
    return null;
end $$;
create constraint trigger transfer_made after insert on ledger_transfer
    deferrable initially deferred for each row execute function ledger_transfer_made();
"""

UNDO = """
drop trigger transfer_made on ledger_transfer;
drop trigger entries_added on ledger_entry;
drop trigger account_well_born on ledger_account;
drop trigger account_identity_kept on ledger_account;
drop trigger account_balance_kept on ledger_account;
drop trigger account_kept_whole on ledger_account;
drop trigger account_kept on ledger_account;
drop trigger entry_kept_whole on ledger_entry;
drop trigger entry_kept on ledger_entry;
drop trigger transfer_kept_whole on ledger_transfer;
drop trigger transfer_kept on ledger_transfer;
drop function ledger_transfer_made, ledger_entries_added, ledger_add_up, ledger_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [migrations.RunSQL(GUARDS, UNDO)]

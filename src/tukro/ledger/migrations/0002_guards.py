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

-- Entries are judged statement by statement, so a transfer's entries must come in one statement. That is
-- stricter than a check at commit, and cannot be passed by with SET CONSTRAINTS.
create function ledger_entries_added() returns trigger language plpgsql
    -- Plans are kept per session. Made while a table is small they would scan it, and go on when it is large.
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
    perform from added e
        left join ledger_transfer t on t.id = e.transfer_id
        left join ledger_account a on a.id = e.account_id
        group by e.transfer_id, a.currency
        having sum(e.amount) <> 0
            or bool_or(a.id is null)
            or bool_or(t.xact is distinct from pg_current_xact_id());
    if found then
        perform from added e where not exists (select from ledger_account a where a.id = e.account_id);
        if found then
            raise exception 'an entry names an account that does not exist' using errcode = 'TK002';
        end if;
        perform from added e where not exists (
            select from ledger_transfer t where t.id = e.transfer_id and t.xact = pg_current_xact_id());
        if found then
            raise exception 'an entry names a transfer of another transaction' using errcode = 'TK002';
        end if;
        raise exception 'the entries of a transfer do not sum to zero' using errcode = 'TK002';
    end if;

    -- Every writer locks in id order. Accounts that are not cached (the house, the outside) are never locked.
    with change as (
        select e.account_id, sum(e.amount)::bigint as amount from added e group by e.account_id
    ), locked as materialized (
        select a.id, case a.normal when 'D' then c.amount else -c.amount end as growth
        from change c join ledger_account a on a.id = c.account_id
        where a.cached order by a.id for no key update of a
    )
    update ledger_account a set balance = a.balance + l.growth from locked l where a.id = l.id;
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
drop function ledger_transfer_made, ledger_entries_added, ledger_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [migrations.RunSQL(GUARDS, UNDO)]

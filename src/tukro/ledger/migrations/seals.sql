-- The books under seal: a chain of hashes over everything that was posted, made by a job and read by nobody on the
-- hot path.

-- An entry in the words of ledger/rules/seals.py, hashed as a leaf of its tree.
create or replace function ledger_leaf(t ledger_transfer, e ledger_entry, a ledger_account) returns bytea
language sql stable parallel safe
return sha256('\x00'::bytea || convert_to(
    t.id || E'\n' || (extract(epoch from t.posted_at) * 1000000)::bigint || E'\n' || t.kind || E'\n'
    || a.id || E'\n' || a.code || E'\n' || a.owner || E'\n'
    || a.currency || E'\n' || e.amount || E'\n'
    || length(t.key) || E'\n' || t.key || E'\n' || t.subject || E'\n' || a.ref, 'UTF8'));

-- Up to which transfer nothing can appear any more. Call it again and again: each call looks who still writes.
--
-- Numbers are drawn before rows are visible, and before a transaction has a number of its own. But whoever draws one
-- holds a lock on the table from before until the transaction is over. So a number was the last one; then we look who
-- holds that lock; when all of them are gone, every transfer up to that number is there or never will be.
create or replace function ledger_settle() returns bigint language plpgsql as $$
declare
    p record;
    v_writing text[];
begin
    select settled_to, seen_id, waits_for into strict p from ledger_settled for update;
    if p.waits_for && ledger_writing() then
        return p.settled_to;
    end if;
    p.settled_to := greatest(p.settled_to, p.seen_id);
    select case when s.is_called then s.last_value else 0 end into p.seen_id from ledger_transfer_id_seq s;
    v_writing := ledger_writing();
    if cardinality(v_writing) = 0 then
        p.settled_to := greatest(p.settled_to, p.seen_id);
    end if;
    update ledger_settled set settled_to = p.settled_to, seen_id = p.seen_id, waits_for = v_writing;
    return p.settled_to;
end $$;

-- The running transactions of others that have written to the transfers, or may be about to.
create or replace function ledger_writing() returns text[] language sql volatile
return coalesce((
    select array_agg(distinct l.virtualtransaction) from pg_locks l
    where l.locktype = 'relation' and l.relation = 'ledger_transfer'::regclass
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.mode = 'RowExclusiveLock' and l.pid <> pg_backend_pid()), '{}');

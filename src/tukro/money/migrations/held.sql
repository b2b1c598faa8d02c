-- What a requester has set aside, without adding up every hold that there ever was: holds are never summed row by row,
-- and no row is shared by payments. A job adds up what was moved, transfer by transfer; a reader adds what came since.

-- Adds up to p_limit transfers more. Answers how many numbers it went on.
--
-- Only what is settled is counted. A transfer's number is given after its transaction's, so whoever has a later
-- transaction than one that began when a number was the last has only later numbers. Once everything before that
-- transaction is over, nothing can appear up to the number any more. Call it in a transaction of its own.
create or replace function money_count_held(p_limit int) returns int
language plpgsql set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  p record;
  v_last bigint;
  v_xact xid8;
  v_oldest xid8;
  v_to bigint;
begin
  select case when s.is_called then s.last_value else 0 end into v_last from ledger_transfer_id_seq s;
  v_xact := pg_current_xact_id();  -- begins here, after the number was read
  select counted_to, seen_id, seen_xact into strict p from money_held_place for update;
  select pg_snapshot_xmin(pg_current_snapshot()) into v_oldest;
  v_to := p.counted_to;
  if p.seen_id > p.counted_to and p.seen_xact <= v_oldest then
    v_to := least(p.seen_id, p.counted_to + p_limit);
    insert into money_held as h (requester, amount)
      select a.owner, -sum(e.amount)::bigint
        from ledger_entry e join ledger_account a on a.id = e.account_id
       where e.transfer_id > p.counted_to and e.transfer_id <= v_to and a.code in ('hold', 'batch_hold')
       group by a.owner order by a.owner
      on conflict (requester) do update set amount = h.amount + excluded.amount;
    update money_held_place set counted_to = v_to;
  end if;
  if v_to >= p.seen_id then
    update money_held_place set seen_id = v_last, seen_xact = v_xact;
  end if;
  return v_to - p.counted_to;
end $$;

-- What the requester's holds have together, at this moment.
create or replace function money_held_of(p_requester text) returns bigint
language plpgsql stable set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return coalesce((select h.amount from money_held h where h.requester = p_requester), 0) - coalesce((
    select sum(e.amount)::bigint
      from ledger_entry e
     cross join lateral (
       select a.id from ledger_account a
        where a.id = e.account_id and a.owner = p_requester and a.code in ('hold', 'batch_hold') offset 0) a
     where e.transfer_id > (select p.counted_to from money_held_place p)), 0);
end $$;

-- Sets money aside in several holds at once: places are added, work that was rejected is offered again. Null when
-- done, else what is available: too little, and nothing was written. Whoever owes the house can spend nothing, as in
-- money_available; what was paid under this key before the debt is only said again.
create or replace function money_add_to_holds(
    p_requester text, p_holds bigint[], p_amounts bigint[], p_key text, p_subject text, p_at timestamptz
) returns bigint language plpgsql set enable_seqscan = off as $$
declare
    v_available bigint := money_requester_account(p_requester, p_at);
    v_total bigint;
    v_accounts bigint[];
    v_amounts bigint[];
begin
    select sum(h.amount), array_agg(h.id order by h.id), array_agg(-h.amount order by h.id)
        into v_total, v_accounts, v_amounts
        from (
            select l.id, sum(l.amount)::bigint as amount from unnest(p_holds, p_amounts) as l(id, amount)
            where l.amount <> 0 group by l.id
        ) h;
    if v_total is null then
        return null;
    end if;
    if exists (
        select from ledger_account
        where code = 'requester_debt' and owner = p_requester and ref = '' and currency = 'USD' and balance > 0
    ) and not exists (select from ledger_transfer where key = p_key) then
        return 0;
    end if;
    return money_post_from_balance(v_available, 'set_aside', p_key, p_subject, p_at,
        v_available || v_accounts, v_total || v_amounts);
end $$;

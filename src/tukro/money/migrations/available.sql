-- What a requester could spend at this moment: a look without a lock. Whoever owes the house can spend nothing.
create or replace function money_available(p_requester text) returns bigint
    language plpgsql set enable_seqscan = off
as $$
begin
    if exists (
        select from ledger_account
        where code = 'requester_debt' and owner = p_requester and ref = '' and currency = 'USD' and balance > 0
    ) then
        return 0;
    end if;
    return coalesce((select balance from ledger_account
        where code = 'requester_available' and owner = p_requester and ref = '' and currency = 'USD'), 0);
end $$;

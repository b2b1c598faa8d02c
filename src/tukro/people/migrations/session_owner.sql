-- A session's row says whose it is, so that a verb's statement finds its caller in one row (docs/decisions/0028).

-- The ids of the person's worker and requester. They never change; who becomes one later is noted below.
create or replace function people_session_owner() returns trigger language plpgsql as $$
begin
  select w.id, w.public_id into new.worker_id, new.worker_public_id from people_worker w where w.user_id = new.user_id;
  select r.id, r.public_id into new.requester_id, new.requester_public_id
    from people_requester r where r.user_id = new.user_id;
  return new;
end $$;
drop trigger if exists session_owner on people_session;
create trigger session_owner before insert or update of user_id, seal on people_session
  for each row execute function people_session_owner();

create or replace function people_session_of_new() returns trigger language plpgsql as $$
begin
  update people_session set user_id = user_id where user_id = new.user_id;  -- the trigger above looks again
  return null;
end $$;
drop trigger if exists session_of_new on people_worker;
create trigger session_of_new after insert on people_worker for each row execute function people_session_of_new();
drop trigger if exists session_of_new on people_requester;
create trigger session_of_new after insert on people_requester for each row execute function people_session_of_new();

-- Another password, or an account that is closed: whoever writes it, no session is proven any more in the same moment.
-- (A session is sealed under a lock of the user's row, people/actions/sessions.py: none is missed.)
create or replace function people_break_seals() returns trigger language plpgsql as $$
begin
  update people_session set seal = '' where user_id = new.id and seal <> '';
  return null;
end $$;
drop trigger if exists seals_broken on people_user;
create trigger seals_broken after update of password, is_active on people_user
  for each row when (new.password is distinct from old.password or not new.is_active)
  execute function people_break_seals();

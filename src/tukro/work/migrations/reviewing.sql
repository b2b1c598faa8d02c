-- Approving, rejecting, sending back for repair. Money moves in the same transaction, by one call.

-- Approves and pays one assignment that the caller has locked and looked at.
create or replace function work_pay(
  p_id bigint, p_public_id text, p_hold bigint, p_worker text, p_reward bigint, p_fee bigint,
  p_actor text, p_feedback text, p_now timestamptz
) returns void
language plpgsql as $$
begin
  update work_assignment
     set state = 'approved', decided_at = p_now, decided_by = p_actor, feedback = p_feedback, auto_approve_at = null,
         reason_code = ''
   where id = p_id;
  perform work_reward(p_public_id, p_hold, p_worker, p_reward, p_fee, p_actor, p_now);
end $$;

-- The money of an approval, and its event.
create or replace function work_reward(
  p_assignment text, p_hold bigint, p_worker text, p_reward bigint, p_fee bigint, p_actor text, p_now timestamptz
) returns void
language plpgsql as $$
declare
  nothing text;  -- see assigning.sql
begin
  nothing := money_pay_reward(p_hold, p_worker, p_reward, p_fee, p_assignment, p_now);
  nothing := journal_record('AssignmentApproved', p_actor, p_assignment, p_now,
                            jsonb_build_object('worker', p_worker, 'reward', p_reward));
end $$;

-- An open appeal against this rejection ends in the worker's favour. The caller has locked the assignment.
create or replace function work_close_appeal(p_assignment bigint, p_public_id text, p_actor text, p_now timestamptz)
returns void
language plpgsql as $$
declare
  v_appeal text;
begin
  update work_appeal set outcome = 'overturned', closed_at = p_now, closed_by = p_actor
   where assignment_id = p_assignment and outcome = 'open' returning public_id into v_appeal;
  if v_appeal is not null then
    perform journal_record('AppealClosed', p_actor, p_public_id, p_now,
                           jsonb_build_object('appeal', v_appeal, 'outcome', 'overturned'));
  end if;
end $$;

-- Approves one. p_override: overturn a rejection up to 30 days after submission, and for as long as an appeal against
-- it is open; when the money has gone back to the requester meanwhile, it is paid from the requester's balance.
-- Codes: ok, same (it was approved before), silence (the time to review was over: paid now, by the house), not_found,
-- wrong_state (fact: the state, or disposed), too_late (when_at), insufficient_funds (needed, available).
create or replace function work_approve(
  p_assignment text, p_requester bigint, p_feedback text, p_actor text, p_now timestamptz, p_override boolean,
  out code text, out fact text, out when_at timestamptz, out needed bigint, out available bigint
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  a record;
  nothing text;
begin
  -- What is nearly always asked: of an answer that waits, in time. (``state || ''``: see work_submit.)
  update work_assignment s
     set state = 'approved', decided_at = p_now, decided_by = p_actor, feedback = p_feedback, auto_approve_at = null,
         reason_code = ''
   where s.public_id = p_assignment and s.requester_id = p_requester
     and s.state || '' = 'submitted' and s.auto_approve_at > p_now
  returning s.hold, s.worker_public_id as worker, s.reward, s.fee into a;
  if found then
    nothing := work_reward(p_assignment, a.hold, a.worker, a.reward, a.fee, p_actor, p_now);
    code := 'ok'; fact := 'submitted';
    return;
  end if;

  select s.id, s.task_id, s.state, s.submitted_at, s.auto_approve_at, s.release_at, s.released_at, s.hold,
         s.worker_public_id as worker, s.reward, s.fee into a
    from work_assignment s
   where s.public_id = p_assignment and s.requester_id = p_requester for no key update;
  if not found then code := 'not_found'; return; end if;
  fact := a.state;
  if a.state = 'approved' then code := 'same'; return; end if;
  if a.state = 'submitted' and a.auto_approve_at <= p_now then
    perform work_pay(a.id, p_assignment, a.hold, a.worker, a.reward, a.fee, 'house', '', p_now);
    code := 'silence';
    return;
  end if;
  if a.state = 'rejected' and p_override then
    -- A deleted task's answers are judged no more, but for one against whose rejection an appeal is open (it has no
    -- time of release, and its money waits for the appeal's end).
    if coalesce(a.release_at, a.released_at) is not null then
      perform from work_task t where t.id = a.task_id and t.disposed_at is not null;
      if found then code := 'wrong_state'; fact := 'disposed'; return; end if;
    end if;
    when_at := a.submitted_at + interval '30 days';
    -- No time of release: an appeal is open.
    if when_at < p_now and a.release_at is not null then code := 'too_late'; return; end if;
    -- Who has left could never take the money. Nobody closes an account (which locks its worker) while the money of a
    -- rejection still waits, so this is asked of those alone whose money went back.
    if a.released_at is not null then
      perform from people_worker w where w.public_id = a.worker and w.state <> 'closed' for key share;
      if not found then code := 'worker_gone'; return; end if;
    end if;
    perform work_close_appeal(a.id, p_assignment, p_actor, p_now);
    if a.released_at is not null then
      select o.needed, o.available into needed, available
        from work_pay_again(a.id, p_actor, p_feedback, p_now) o;
      code := case when available is null then 'ok' else 'insufficient_funds' end;
      return;
    end if;
  elsif a.state <> 'submitted' then
    code := 'wrong_state'; return;
  end if;
  perform work_pay(a.id, p_assignment, a.hold, a.worker, a.reward, a.fee, p_actor, p_feedback, p_now);
  code := 'ok';
end $$;

-- Pays an overturned rejection whose place was settled already, from the requester's balance.
create or replace function work_pay_again(
  p_id bigint, p_actor text, p_feedback text, p_now timestamptz, out needed bigint, out available bigint
)
language plpgsql as $$
declare
  a record;
begin
  select s.public_id, s.worker_public_id as worker, r.public_id as requester, s.reward, s.fee into a
    from work_assignment s join people_requester r on r.id = s.requester_id where s.id = p_id;
  needed := a.reward + a.fee;
  available := money_pay_from_balance(a.requester, a.worker, a.reward, a.fee, a.public_id, p_now);
  if available is not null then return; end if;
  update work_assignment
     set state = 'approved', decided_at = p_now, decided_by = p_actor, feedback = p_feedback, reason_code = ''
   where id = p_id;
  perform journal_record('AssignmentApproved', p_actor, a.public_id, p_now,
                         jsonb_build_object('worker', a.worker, 'reward', a.reward));
end $$;

-- Approves and pays every submitted assignment among p_ids (internal ids), in id order. Answers how many.
create or replace function work_approve_set(p_ids bigint[], p_actor text, p_feedback text, p_now timestamptz) returns int
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_ids bigint[];
  v_holds bigint[];
  v_workers text[];
  v_rewards bigint[];
  v_fees bigint[];
  v_names text[];
begin
  select array_agg(s.id) into v_ids from (
    select a.id from work_assignment a where a.id = any(p_ids) and a.state = 'submitted'
     order by a.id for no key update) s;
  if v_ids is null then return 0; end if;
  update work_assignment
     set state = 'approved', decided_at = p_now, decided_by = p_actor, feedback = p_feedback, auto_approve_at = null,
         reason_code = ''
   where id = any(v_ids);
  select array_agg(s.hold order by s.id), array_agg(s.worker_public_id order by s.id), array_agg(s.reward order by s.id),
         array_agg(s.fee order by s.id), array_agg(s.public_id order by s.id)
    into v_holds, v_workers, v_rewards, v_fees, v_names
    from work_assignment s where s.id = any(v_ids);
  perform money_pay_rewards(v_holds, v_workers, v_rewards, v_fees, v_names, p_now);
  perform journal_record('AssignmentApproved', p_actor, x.name, p_now, jsonb_build_object('worker', x.worker, 'reward', x.reward))
     from unnest(v_names, v_workers, v_rewards) x(name, worker, reward);
  return cardinality(v_ids);
end $$;

-- Approves those of the named assignments that are submitted. Codes: ok (count), not_found: one of them is not
-- this requester's, and none was approved.
create or replace function work_approve_many(
  p_assignments text[], p_requester bigint, p_feedback text, p_actor text, p_now timestamptz, out code text, out count int
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_ids bigint[];
begin
  select array_agg(s.id) into v_ids from work_assignment s
   where s.public_id = any(p_assignments) and s.requester_id = p_requester;
  if coalesce(cardinality(v_ids), 0) <> (select count(distinct x) from unnest(p_assignments) x) then
    code := 'not_found'; count := 0; return;
  end if;
  count := work_approve_set(v_ids, p_actor, p_feedback, p_now);
  code := 'ok';
end $$;

-- Approves up to p_limit assignments whose time to review is over.
create or replace function work_auto_approve(p_now timestamptz, p_limit int) returns int
language sql as $$
  select work_approve_set(array(
    select s.id from work_assignment s where s.state = 'submitted' and s.auto_approve_at <= p_now
     order by s.auto_approve_at limit p_limit for no key update skip locked
  ), 'house', '', p_now)
$$;

-- Rejects all of the named assignments or none. The money stays where it is for the time of appeal. p_reopen offers each
-- place again, with new money from the requester's balance; places of closed tasks stay closed.
-- Codes: ok (count), not_found, wrong_state (fact: the state), too_late (when_at: approved by silence since),
-- insufficient_funds (needed, available).
create or replace function work_reject_many(
  p_assignments text[], p_requester bigint, p_requester_id text, p_reason text, p_feedback text, p_reopen boolean,
  p_actor text, p_key text, p_now timestamptz,
  out code text, out fact text, out when_at timestamptz, out count int, out needed bigint, out available bigint
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_ids bigint[];
  v_lanes bigint[];
  v_holds bigint[];
  v_amounts bigint[];
begin
  count := 0;
  select array_agg(s.id), array_agg(s.lane_id) into v_ids, v_lanes from work_assignment s
   where s.public_id = any(p_assignments) and s.requester_id = p_requester;
  if coalesce(cardinality(v_ids), 0) <> (select count(distinct x) from unnest(p_assignments) x) then
    code := 'not_found'; return;
  end if;
  if p_reopen then
    -- Tasks before lanes, as everywhere: they will have more places.
    perform from work_task t where t.id in (select s.task_id from work_assignment s where s.id = any(v_ids))
      order by t.id for no key update;
    perform from work_lane l where l.id = any(v_lanes) order by l.id for no key update;
  end if;
  perform from work_assignment s where s.id = any(v_ids) order by s.id for no key update;
  select s.state into fact from work_assignment s where s.id = any(v_ids) and s.state <> 'submitted' order by s.id limit 1;
  if found then code := 'wrong_state'; return; end if;
  select s.auto_approve_at into when_at from work_assignment s
   where s.id = any(v_ids) and s.auto_approve_at <= p_now order by s.id limit 1;
  if found then code := 'too_late'; return; end if;

  if p_reopen then
    select array_agg(r.id order by r.hold), array_agg(r.hold order by r.hold), array_agg(r.amount order by r.hold)
      into v_lanes, v_holds, v_amounts
      from (
        select s.lane_id as id, s.hold, sum(s.reward + s.fee)::bigint as amount
          from work_assignment s join work_task t on t.id = s.task_id
         where s.id = any(v_ids) and t.state <> 'closed' and t.expires_at > p_now
         group by s.lane_id, s.hold) r;
    if v_lanes is not null then
      select sum(x) into needed from unnest(v_amounts) x;
      available := money_add_to_holds(p_requester_id, v_holds, v_amounts, p_key, p_assignments[1], p_now);
      if available is not null then code := 'insufficient_funds'; return; end if;
      update work_lane l
         set capacity = l.capacity + r.places, is_open = (t.state = 'open')
        from (select s.lane_id, count(*) as places from work_assignment s
               where s.id = any(v_ids) and s.lane_id = any(v_lanes) group by s.lane_id) r, work_task t
       where l.id = r.lane_id and t.id = l.task_id;
      update work_task t
         set places = t.places + r.places, reviewing_at = null, reviewable_at = null
        from (select s.task_id, count(*) as places from work_assignment s
               where s.id = any(v_ids) and s.lane_id = any(v_lanes) group by s.task_id) r
       where t.id = r.task_id;
    end if;
  end if;

  update work_assignment
     set state = 'rejected', decided_at = p_now, decided_by = p_actor, rejected_at = p_now, auto_approve_at = null,
         release_at = p_now + interval '7 days', reason_code = p_reason, feedback = p_feedback
   where id = any(v_ids);
  get diagnostics count = row_count;
  perform journal_record('AssignmentRejected', p_actor, s.public_id, p_now,
                         jsonb_build_object('worker', s.worker_public_id, 'reason', p_reason))
     from work_assignment s where s.id = any(v_ids) order by s.id;
  code := 'ok';
end $$;

-- Sends one back for repair and keeps the answer as it was. The worker has the task's time again, and at least
-- p_seconds. (A day when nothing is said: so the version before this one calls it.)
-- Codes: ok, not_found, wrong_state (fact), too_late (when_at: approved by silence since), too_often.
create or replace function work_revise(
  p_assignment text, p_requester bigint, p_reason text, p_feedback text, p_actor text, p_now timestamptz,
  p_seconds integer default 86400,
  out code text, out fact text, out when_at timestamptz
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  a record;
  v_times int;
begin
  select s.id, s.state, s.answer, s.submitted_at, s.auto_approve_at, y.duration_seconds, s.worker_public_id as worker into a
    from work_assignment s join work_tasktype y on y.id = s.task_type_id
   where s.public_id = p_assignment and s.requester_id = p_requester for no key update of s;
  if not found then code := 'not_found'; return; end if;
  fact := a.state;
  if a.state <> 'submitted' then code := 'wrong_state'; return; end if;
  if a.auto_approve_at <= p_now then code := 'too_late'; when_at := a.auto_approve_at; return; end if;
  select count(*) into v_times from work_earlieranswer e where e.assignment_id = a.id;
  if v_times >= 3 then code := 'too_often'; return; end if;
  when_at := p_now + make_interval(secs => greatest(a.duration_seconds, p_seconds));
  insert into work_earlieranswer (assignment_id, no, body, submitted_at, asked_at, deadline_at, reason_code, asked)
  values (a.id, 1 + v_times, a.answer, a.submitted_at, p_now, when_at, p_reason, p_feedback);
  update work_assignment
     set state = 'revising', asked_at = p_now, deadline_at = when_at, auto_approve_at = null, reason_code = p_reason, feedback = p_feedback
   where id = a.id;
  perform journal_record('AssignmentSentBack', p_actor, p_assignment, p_now,
                         jsonb_build_object('worker', a.worker, 'reason', p_reason));
  code := 'ok';
end $$;

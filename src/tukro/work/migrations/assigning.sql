-- Taking a place, handing in, giving back, running late. Locks in the order task, lane, assignment, accounts.
-- Every function answers a code; all but 'ok' mean that nothing was written.
-- Calls on the way of every accept, submit and approve are written as assignments, not with PERFORM: they are evaluated
-- without the making of a query, even where ``nothing`` is answered.

-- May this worker take work of these terms now? Holds the worker's turn until the transaction ends, so that
-- two tabs go one after the other. Codes: ok, not_active (fact: the state), own_task (the requester is the worker's own
-- person; p_own lets them), paused (fact: until when, in seconds since 1970; work of hire groups goes on), blocked,
-- not_eligible, stale (the set was not judged for this worker since the facts changed), queue_full.
create or replace function work_gate(
  p_worker bigint, p_requester bigint, p_set bigint, p_now timestamptz, p_own boolean, out code text, out fact text
)
language plpgsql as $$
declare
  v_own boolean;
  v_blocked boolean;
  v_live int;
  v_eligible boolean;
  v_paused timestamptz;
  nothing text;
begin
  nothing := pg_advisory_xact_lock(20817, p_worker::int);
  select w.state, w.paused_until,
         not p_own and w.user_id = (select r.user_id from people_requester r where r.id = p_requester),
         exists (select from qualifications_block b where b.worker_id = p_worker and b.requester_id = p_requester),
         (select count(*) from work_assignment a
           where a.worker_id = p_worker and a.state in ('accepted', 'revising') and a.deadline_at > p_now)
    into fact, v_paused, v_own, v_blocked, v_live
    from people_worker w where w.id = p_worker;
  if fact is distinct from 'active' then code := 'not_active'; return; end if;
  if v_own then code := 'own_task'; return; end if;
  if v_blocked then code := 'blocked'; return; end if;
  if v_paused > p_now and not (p_set <> 1 and qualifications_is_for_group(p_set)) then
    code := 'paused'; fact := extract(epoch from v_paused)::text; return;
  end if;
  if p_set <> 1 then
    v_eligible := qualifications_may_accept(p_worker, p_set);
    if v_eligible is null then code := 'stale'; return; end if;
    if not v_eligible then code := 'not_eligible'; return; end if;
  end if;
  code := case when v_live >= 25 then 'queue_full' else 'ok' end;
end $$;

-- The place is the worker's. The lane is locked and was seen to have room. The assignment carries the terms that it is
-- taken under and the names that events say, so that handing in and approving read its row alone (docs/decisions/0030).
create or replace function work_take(
  p_lane bigint, p_hold bigint, p_task bigint, p_task_id text, p_batch bigint, p_own_form boolean, p_reviews boolean,
  p_type bigint, p_group text, p_requester bigint, p_reward bigint, p_fee bigint, p_seconds int, p_silence int,
  p_worker bigint, p_worker_id text, p_public_id text, p_now timestamptz
) returns timestamptz
language plpgsql as $$
declare
  v_deadline timestamptz := p_now + make_interval(secs => p_seconds);
  nothing text;
begin
  update work_lane set taken = taken + 1, is_open = taken + 1 < capacity where id = p_lane;
  insert into work_assignment (public_id, lane_id, hold, task_id, task_public_id, batch_id, own_form, reviews,
                               task_type_id, group_id, requester_id, reward, fee, auto_approve_seconds,
                               worker_id, worker_public_id, state, accepted_at, deadline_at,
                               decided_by, reason_code, feedback, had_draft)
  values (p_public_id, p_lane, p_hold, p_task, p_task_id, p_batch, p_own_form, p_reviews,
          p_type, p_group, p_requester, p_reward, p_fee, p_silence,
          p_worker, p_worker_id, 'accepted', p_now, v_deadline,
          '', '', '', false);
  nothing := journal_record('AssignmentAccepted', 'worker:' || p_worker_id, p_public_id, p_now,
                            jsonb_build_object('task', p_task_id));
  return v_deadline;
end $$;

-- Accepts some task of a group. The search starts after the highest lane that the worker has had in the
-- group; a newcomer starts at a place of their own, so that workers do not queue behind each other. It wraps once.
-- Whether the worker has a task already is asked per candidate by a scalar sub-select: as NOT EXISTS the
-- planner would read the worker's whole history on every accept; as IS NULL it would expect hardly any candidate
-- to pass and read all open lanes before it chooses one.
-- Codes of work_gate (which says what p_own lets), and: not_found, by_lot (the group is scarce and just opened: fact says when it is drawn),
-- nothing_left, busy (what is left is being taken by others this moment:
-- call again with p_wait).
create or replace function work_accept_next(
  p_group text, p_worker bigint, p_worker_id text, p_public_id text, p_now timestamptz, p_wait boolean,
  p_own boolean default false,
  out code text, out fact text, out assignment_id text, out task_id text, out group_id text, out deadline_at timestamptz
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  tt record;
  gate record;
  c record;
  v_from bigint;
  v_first bigint;
  v_last bigint;
begin
  select y.id, y.requester_id, y.requirement_set_id, y.reward, y.fee, y.duration_seconds, y.auto_approve_seconds,
         y.draw_at into tt
    from work_tasktype y where y.group_id = p_group;
  if not found then code := 'not_found'; return; end if;
  gate := work_gate(p_worker, tt.requester_id, tt.requirement_set_id, p_now, p_own);
  if gate.code <> 'ok' then code := gate.code; fact := gate.fact; return; end if;
  -- A draw that nobody held is over a minute later: no stopped job keeps work from people.
  if tt.draw_at > p_now - interval '1 minute' then code := 'by_lot'; fact := tt.draw_at; return; end if;

  if p_wait then
    -- Lanes are locked in ascending order here, as everywhere.
    select l.id, l.hold, l.task_id, t.public_id, t.batch_id, t.reviews,
           (select q.kind in ('proof', 'form') from work_question q where q.id = t.question_id) as own_form into c
      from work_lane l join work_task t on t.id = l.task_id
     where l.task_type_id = tt.id and l.is_open and t.expires_at > p_now
       and (select true from work_assignment a where a.task_id = l.task_id and a.worker_id = p_worker
               and not a.state in ('returned', 'abandoned') limit 1) is not true
     order by l.id limit 1 for no key update of l;
    if not found then code := 'nothing_left'; return; end if;
  else
    select max(a.lane_id) into v_from from work_assignment a where a.worker_id = p_worker and a.task_type_id = tt.id;
    if v_from is null then
      select min(l.id), max(l.id) into v_first, v_last from work_lane l where l.task_type_id = tt.id and l.is_open;
      v_from := v_first - 1 + (hashint8(p_worker + tt.id) & 2147483647) % (v_last - v_first + 1);
    end if;
    select l.id, l.hold, l.task_id, t.public_id, t.batch_id, t.reviews,
           (select q.kind in ('proof', 'form') from work_question q where q.id = t.question_id) as own_form into c
      from work_lane l join work_task t on t.id = l.task_id
     where l.task_type_id = tt.id and l.is_open and l.id > v_from and t.expires_at > p_now
       and (select true from work_assignment a where a.task_id = l.task_id and a.worker_id = p_worker
               and not a.state in ('returned', 'abandoned') limit 1) is not true
     order by l.id limit 1 for no key update of l skip locked;
    if not found then
      select l.id, l.hold, l.task_id, t.public_id, t.batch_id, t.reviews,
             (select q.kind in ('proof', 'form') from work_question q where q.id = t.question_id) as own_form into c
        from work_lane l join work_task t on t.id = l.task_id
       where l.task_type_id = tt.id and l.is_open and l.id <= v_from and t.expires_at > p_now
         and (select true from work_assignment a where a.task_id = l.task_id and a.worker_id = p_worker
                 and not a.state in ('returned', 'abandoned') limit 1) is not true
       order by l.id limit 1 for no key update of l skip locked;
    end if;
    if not found then
      perform from work_lane l join work_task t on t.id = l.task_id
        where l.task_type_id = tt.id and l.is_open and t.expires_at > p_now
          and (select true from work_assignment a where a.task_id = l.task_id and a.worker_id = p_worker
                  and not a.state in ('returned', 'abandoned') limit 1) is not true
        limit 1;
      code := case when found then 'busy' else 'nothing_left' end;
      return;
    end if;
  end if;

  deadline_at := work_take(c.id, c.hold, c.task_id, c.public_id, c.batch_id, c.own_form, c.reviews,
                           tt.id, p_group, tt.requester_id, tt.reward, tt.fee, tt.duration_seconds, tt.auto_approve_seconds,
                           p_worker, p_worker_id, p_public_id, p_now);
  code := 'ok';
  assignment_id := p_public_id;
  task_id := c.public_id;
  group_id := p_group;
end $$;

-- Accepts this task. Codes of work_gate, and: not_found, by_lot, task_closed, already_done, nothing_left, busy.
create or replace function work_accept_task(
  p_task text, p_worker bigint, p_worker_id text, p_public_id text, p_now timestamptz, p_wait boolean,
  p_own boolean default false,
  out code text, out fact text, out assignment_id text, out task_id text, out group_id text, out deadline_at timestamptz
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  t record;
  gate record;
  l record;
begin
  select k.id, k.batch_id, k.task_type_id, k.state, k.expires_at, k.reviews, y.requester_id, y.requirement_set_id,
         y.reward, y.fee, y.duration_seconds, y.auto_approve_seconds, y.group_id, y.draw_at,
         (select q.kind in ('proof', 'form') from work_question q where q.id = k.question_id) as own_form
    into t from work_task k join work_tasktype y on y.id = k.task_type_id where k.public_id = p_task;
  if not found then code := 'not_found'; return; end if;
  gate := work_gate(p_worker, t.requester_id, t.requirement_set_id, p_now, p_own);
  if gate.code <> 'ok' then code := gate.code; fact := gate.fact; return; end if;
  if t.draw_at > p_now - interval '1 minute' then code := 'by_lot'; fact := t.draw_at; return; end if;
  if t.state <> 'open' or t.expires_at <= p_now then code := 'task_closed'; return; end if;
  perform from work_assignment a
    where a.task_id = t.id and a.worker_id = p_worker and not a.state in ('returned', 'abandoned');
  if found then code := 'already_done'; return; end if;

  if p_wait then
    select n.id, n.hold into l from work_lane n where n.task_id = t.id and n.is_open
     order by n.id limit 1 for no key update;
    if not found then code := 'nothing_left'; return; end if;
  else
    -- Any free lane will do; each worker tries them in an order of their own.
    select n.id, n.hold into l from work_lane n where n.task_id = t.id and n.is_open
     order by hashint8(n.id # p_worker) limit 1 for no key update skip locked;
    if not found then
      perform from work_lane n where n.task_id = t.id and n.is_open limit 1;
      code := case when found then 'busy' else 'nothing_left' end;
      return;
    end if;
  end if;

  deadline_at := work_take(l.id, l.hold, t.id, p_task, t.batch_id, t.own_form, t.reviews, t.task_type_id, t.group_id,
                           t.requester_id, t.reward, t.fee, t.duration_seconds, t.auto_approve_seconds,
                           p_worker, p_worker_id, p_public_id, p_now);
  code := 'ok';
  assignment_id := p_public_id;
  task_id := p_task;
  group_id := t.group_id;
end $$;

-- Hands in. p_worker null: the caller came through the task frame and the id itself is the right to hand in.
-- The same answer twice is one submission. With no time to review, it is approved and paid at once.
-- Codes: ok, not_found, wrong_state (fact: the state), too_late (deadline_at), unchecked (the answer belongs to
-- one of our own forms: check it against the form and call again with p_checked). ``reviews`` says whether a review
-- policy looks at what was handed in: a higher room does that next.
-- What nearly always can be done is tried first, by an update that names every condition; only when it found nothing is
-- the reason looked for. (``state || ''``: no index is of that. With old statistics an index of everybody's work in hand
-- would look shorter than a look-up by id.)
create or replace function work_submit(
  p_assignment text, p_worker bigint, p_body jsonb, p_now timestamptz, p_checked boolean,
  out code text, out fact text, out group_id text, out task_id text, out deadline_at timestamptz, out reviews boolean
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  a record;
  nothing text;
begin
  loop
    update work_assignment s
       set state = 'submitted', submitted_at = p_now, answer = p_body,
           worked_seconds = coalesce(s.worked_seconds, 0)
             + greatest(0, floor(date_part('epoch', p_now - coalesce(s.asked_at, s.accepted_at))))::int,
           auto_approve_at = p_now + make_interval(secs => s.auto_approve_seconds)
     where s.public_id = p_assignment and (p_worker is null or s.worker_id = p_worker)
       and s.state || '' in ('accepted', 'revising') and s.deadline_at >= p_now - interval '10 seconds'
       and (p_checked or not s.own_form)
    returning s.id, s.hold, s.reward, s.fee, s.auto_approve_seconds, s.deadline_at, s.group_id, s.task_public_id,
              s.worker_public_id, s.reviews, s.had_draft
         into a;
    exit when found;
    select o.code, o.fact, o.group_id, o.task_id, o.deadline_at, o.reviews
      into code, fact, group_id, task_id, deadline_at, reviews
      from work_why_not_submitted(p_assignment, p_worker, p_body, p_now, p_checked) o;
    if code is not null then return; end if;
  end loop;

  if a.had_draft then
    delete from work_draft d where d.assignment_id = a.id;
  end if;
  nothing := journal_record('AssignmentSubmitted', 'worker:' || a.worker_public_id, p_assignment, p_now,
                            jsonb_build_object('task', a.task_public_id));
  if a.auto_approve_seconds = 0 then
    perform work_pay(a.id, p_assignment, a.hold, a.worker_public_id, a.reward, a.fee, 'house', '', p_now);
  end if;
  code := 'ok';
  fact := case when a.auto_approve_seconds = 0 then 'approved' else 'submitted' end;
  group_id := a.group_id; task_id := a.task_public_id; deadline_at := a.deadline_at; reviews := a.reviews;
end $$;

-- Why an answer cannot be handed in. Code null: it can; what stood in the way is over.
create or replace function work_why_not_submitted(
  p_assignment text, p_worker bigint, p_body jsonb, p_now timestamptz, p_checked boolean,
  out code text, out fact text, out group_id text, out task_id text, out deadline_at timestamptz, out reviews boolean
)
language plpgsql set enable_seqscan = off as $$
declare
  a record;
begin
  select s.* into a
    from work_assignment s where s.public_id = p_assignment and (p_worker is null or s.worker_id = p_worker);
  if not found then code := 'not_found'; return; end if;
  fact := a.state; group_id := a.group_id; task_id := a.task_public_id; deadline_at := a.deadline_at; reviews := a.reviews;
  if a.state in ('submitted', 'approved') then
    -- What is kept of our own forms' answers is not what was posted: only the checked answer can be the same.
    if a.own_form and not p_checked then code := 'unchecked'; return; end if;
    code := case when a.answer = p_body then 'ok' else 'wrong_state' end;
  elsif a.state not in ('accepted', 'revising') then
    code := 'wrong_state';
  elsif a.deadline_at < p_now - interval '10 seconds' then
    code := 'too_late';
  elsif a.own_form and not p_checked then
    code := 'unchecked';
  end if;
end $$;

-- Gives back. The place is free again, or, on a closed task, gone and its money the requester's. A repair that is given
-- back frees nothing: the requester has the answer, and it counts as it was (work_let_stand), whatever the reason.
-- Codes: ok (fact: the state before), not_found, wrong_state (fact: the state).
create or replace function work_return(
  p_assignment text, p_worker bigint, p_reason text, p_note text, p_now timestamptz,
  out code text, out fact text, out group_id text
)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  a record;
  v_task text;
begin
  select s.id, s.lane_id, s.worker_public_id as worker, s.group_id, s.reward + s.fee as price, s.hold, s.task_id,
         s.task_public_id as task, s.batch_id into a
    from work_assignment s where s.public_id = p_assignment and s.worker_id = p_worker;
  if not found then code := 'not_found'; return; end if;
  group_id := a.group_id;
  perform from work_lane where id = a.lane_id for no key update;
  select s.state into fact from work_assignment s where s.id = a.id for no key update;
  if fact not in ('accepted', 'revising') then code := 'wrong_state'; return; end if;
  if fact = 'revising' then
    perform work_let_stand(array[a.id], 'worker:' || a.worker, p_now);
    code := 'ok';
    return;
  end if;

  update work_assignment
     set state = 'returned', decided_at = p_now, decided_by = 'worker:' || a.worker, reason_code = p_reason, feedback = p_note,
         auto_approve_at = null
   where id = a.id;
  delete from work_draft d where d.assignment_id = a.id;
  -- Read the task's state only now, under the lane's lock: closing takes that lock too.
  select k.state into v_task from work_task k where k.id = a.task_id;
  update work_lane
     set taken = taken - 1, is_open = (v_task = 'open'), capacity = capacity - (v_task = 'closed')::int
   where id = a.lane_id;
  if v_task = 'closed' then
    perform money_give_back(a.hold, a.price, 'place:' || p_assignment,
                            (select b.public_id from work_batch b where b.id = a.batch_id), p_now);
  end if;
  perform journal_record('AssignmentReturned', 'worker:' || a.worker, p_assignment, p_now,
                         jsonb_build_object('task', a.task, 'reason', p_reason));
  code := 'ok';
end $$;

-- Answers that were sent back for repair and are not repaired count as they were handed in: they wait for review anew,
-- for the whole time that their requester has, and nobody is paid less for an answer that the requester has. What was
-- typed and uploaded meanwhile is no part of them. The caller has locked the assignments.
create or replace function work_let_stand(p_ids bigint[], p_actor text, p_now timestamptz) returns void
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  -- The deadline says from when on the answer lies with its requester again.
  update work_assignment s
     set state = 'submitted', deadline_at = least(s.deadline_at, p_now),
         auto_approve_at = p_now + make_interval(secs => s.auto_approve_seconds)
   where s.id = any(p_ids);
  delete from work_draft d where d.assignment_id = any(p_ids);
  with added as (
    delete from work_prooffile f using work_assignment a
     where f.assignment_id = any(p_ids) and a.id = f.assignment_id and f.uploaded_at > a.submitted_at returning f.*)
  insert into work_earlierfile (public_id, assignment_id, field, name, media_type, size, path, seconds, uploaded_at, removed_at)
  select f.public_id, f.assignment_id, f.field, f.name, f.media_type, f.size, f.path, f.seconds, f.uploaded_at, p_now
    from added f order by f.id;
  -- (What a removed file's bytes amount to is not known any more: it is the same as no other one.)
  with removed as (
    delete from work_earlierfile f using work_assignment a
     where f.assignment_id = any(p_ids) and a.id = f.assignment_id
       and f.uploaded_at <= a.submitted_at and f.removed_at > a.submitted_at returning f.*)
  insert into work_prooffile (public_id, assignment_id, field, name, media_type, size, sha256, path, seconds, uploaded_at)
  select f.public_id, f.assignment_id, f.field, f.name, f.media_type, f.size, '', f.path, f.seconds, f.uploaded_at
    from removed f order by f.id;
  perform journal_record('AssignmentStands', p_actor, a.public_id, p_now,
                         jsonb_build_object('task', a.task_public_id, 'worker', a.worker_public_id))
     from work_assignment a where a.id = any(p_ids) order by a.id;
end $$;

-- Answers whose repair did not come in time count as they were. Answers how many.
create or replace function work_stand_late(p_now timestamptz, p_limit int) returns int
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_ids bigint[];
begin
  select array_agg(s.id) into v_ids from (
    select a.id from work_assignment a
     where a.decided_at is null and a.auto_approve_at is null and a.state || '' = 'revising'
       and a.deadline_at < p_now - interval '10 seconds'
     order by a.deadline_at limit p_limit for no key update skip locked) s;
  if v_ids is null then return 0; end if;
  perform work_let_stand(v_ids, 'house', p_now);
  return cardinality(v_ids);
end $$;

-- Frees the places of assignments that were not handed in before their deadline, up to p_limit; answers how many.
-- What others hold at this moment is left for the next call. Places of closed tasks give their money back,
-- one batch per call, so that a call makes one transfer.
create or replace function work_free_late(p_now timestamptz, p_limit int) returns int
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_ids bigint[];
  v_lanes bigint[];
  v_holds bigint[];
  v_amounts bigint[];
  v_key text;
  v_closed_of bigint;
  v_count int;
begin
  select array_agg(s.id), array_agg(s.lane_id) into v_ids, v_lanes from (
    select a.id, a.lane_id from work_assignment a
     where a.decided_at is null and a.auto_approve_at is null and a.state || '' = 'accepted'
       and a.deadline_at < p_now - interval '10 seconds'
     order by a.deadline_at limit p_limit) s;
  if v_ids is null then return 0; end if;
  select array_agg(s.id) into v_lanes from (
    select l.id from work_lane l where l.id = any(v_lanes) order by l.id for no key update skip locked) s;
  select min(a.batch_id) into v_closed_of
    from work_assignment a join work_task t on t.id = a.task_id
   where a.id = any(v_ids) and a.lane_id = any(v_lanes) and t.state = 'closed';
  select array_agg(s.id) into v_ids from (
    select a.id from work_assignment a join work_task t on t.id = a.task_id
     where a.id = any(v_ids) and a.lane_id = any(v_lanes) and a.state = 'accepted'
       and a.deadline_at < p_now - interval '10 seconds'
       and (t.state <> 'closed' or a.batch_id is not distinct from v_closed_of)
     order by a.id for no key update of a skip locked) s;
  if v_ids is null then return 0; end if;

  update work_assignment set state = 'abandoned', decided_at = p_now, decided_by = 'house', auto_approve_at = null
   where id = any(v_ids);
  get diagnostics v_count = row_count;
  delete from work_draft d where d.assignment_id = any(v_ids);
  with freed as (
    select a.lane_id, count(*) as places from work_assignment a where a.id = any(v_ids) group by a.lane_id
  )
  update work_lane l
     set taken = l.taken - f.places, is_open = (t.state = 'open'),
         capacity = l.capacity - case when t.state = 'closed' then f.places else 0 end
    from freed f, work_task t
   where l.id = f.lane_id and t.id = l.task_id;
  select array_agg(f.hold), array_agg(f.amount), min(f.first) into v_holds, v_amounts, v_key from (
    select a.hold, sum(a.reward + a.fee)::bigint as amount, min(a.public_id) as first
      from work_assignment a join work_task t on t.id = a.task_id
     where a.id = any(v_ids) and t.state = 'closed' group by a.hold) f;
  if v_holds is not null then
    perform money_give_back_many(v_holds, v_amounts, 'late:' || v_key,
                                 (select b.public_id from work_batch b where b.id = v_closed_of), p_now);
  end if;
  perform journal_record('AssignmentAbandoned', 'house', a.public_id, p_now,
                         jsonb_build_object('task', a.task_public_id, 'worker', a.worker_public_id))
     from work_assignment a where a.id = any(v_ids);
  return v_count;
end $$;

-- What follows from deadlines that have passed, up to p_limit of each: work that was never handed in frees its place;
-- a repair that did not come leaves the answer as it was. Answers how many.
create or replace function work_expire_late(p_now timestamptz, p_limit int) returns int
language sql as $$
  select work_free_late(p_now, p_limit) + work_stand_late(p_now, p_limit)
$$;

-- Which requirement sets a worker satisfies. rules says the same in Python; a test holds the two together.

-- Migrations run this file more than once; at first some columns are still to come.
set local check_function_bodies = off;

-- Whether one requirement holds. p_held: the worker has a value of the type, or the type without a value.
create or replace function qualifications_meets(
  p_type text, p_comparator text, p_integers int[], p_locales text[], p_locale text, p_held boolean, p_value int
) returns boolean
language sql immutable as $$
  select case
    when p_type = '00000000000000000071' then
      -- A country covers its parts; where the worker lives is not known: nothing holds.
      p_locale <> '' and (p_locale = any(p_locales) or split_part(p_locale, '-', 1) = any(p_locales))
                         = (p_comparator in ('EqualTo', 'In'))
    when p_comparator = 'Exists' then p_held
    when p_comparator = 'DoesNotExist' then not p_held
    -- Without a value nothing is known, so even NotEqualTo and NotIn say no.
    when p_value is null then false
    when p_comparator = 'LessThan' then p_value < p_integers[1]
    when p_comparator = 'LessThanOrEqualTo' then p_value <= p_integers[1]
    when p_comparator = 'GreaterThan' then p_value > p_integers[1]
    when p_comparator = 'GreaterThanOrEqualTo' then p_value >= p_integers[1]
    when p_comparator in ('EqualTo', 'In') then p_value = any(p_integers)
    else p_value <> all(p_integers)
  end
$$;

-- Where a worker lives, as requirements say it.
create or replace function qualifications_locale(p_country text, p_subdivision text) returns text
language sql immutable as $$
  select p_country || case when p_subdivision = '' then '' else '-' || p_subdivision end
$$;

-- What requirements can ask about a worker, but where they live: one row per type that is held.
create or replace function qualifications_facts(p_worker bigint) returns table (type_id text, value int)
language sql stable as $$
  select t.public_id, q.value
    from qualifications_qualification q join qualifications_qualificationtype t on t.id = q.type_id
   where q.worker_id = p_worker and q.revoked_at is null
  union all
  select f.type_id, f.value
    from (select 1) one
    left join qualifications_standing s on s.worker_id = p_worker
   cross join lateral (
         select coalesce(s.submitted, 0) as submitted, coalesce(s.approved, 0) as approved,
                coalesce(s.rejected, 0) as rejected, coalesce(s.returned, 0) as returned,
                coalesce(s.abandoned, 0) as abandoned, coalesce(s.level, 0)::int as level) c
   cross join lateral (select c.submitted + c.returned + c.abandoned as taken) k
   cross join lateral (values
         ('00000000000000000040', c.approved),
         ('0000000000TUKROLEVEL', c.level),
         ('000000000000000000L0', case when c.submitted < 100 or c.approved + c.rejected = 0 then 100
                                       else 100 * c.approved / (c.approved + c.rejected) end),
         ('00000000000000000000', case when k.taken = 0 then 100 else 100 * c.submitted / k.taken end),
         ('00000000000000000070', case when k.taken = 0 then 0 else 100 * c.abandoned / k.taken end),
         ('000000000000000000E0', case when k.taken = 0 then 0 else 100 * c.returned / k.taken end),
         ('000000000000000000S0', case when c.submitted = 0 then 0 else 100 * c.rejected / c.submitted end)
       ) f(type_id, value)
  union all
  -- Who has not said that they take adult content does not.
  select '00000000000000000060', 0
   where not exists (
         select from qualifications_qualification q join qualifications_qualificationtype t on t.id = q.type_id
          where q.worker_id = p_worker and q.revoked_at is null and t.public_id = '00000000000000000060')
$$;

-- Judges what was not judged yet: sets made since, or all when the worker's facts changed.
-- The worker's row of eligibility is locked before the facts are read, and whoever changes facts marks that row in
-- the same transaction: so either the facts are seen here, or the mark outlives this judgement.
create or replace function qualifications_judge(p_worker bigint, p_now timestamptz)
returns table (may_accept bigint[], may_not_preview bigint[], may_not_discover bigint[])
language plpgsql as $$
declare
  e record;
  v_locale text;
  v_from bigint;
  v_last bigint;
  v_accept bigint[];
  v_no_preview bigint[];
  v_no_discover bigint[];
begin
  insert into qualifications_eligibility (worker_id, set_ids, no_preview, no_discover, sets_seen, locale, stale, computed_at)
  values (p_worker, '{}', '{}', '{}', 0, '', true, p_now) on conflict (worker_id) do nothing;
  select * into e from qualifications_eligibility q where q.worker_id = p_worker for no key update;
  select qualifications_locale(w.country, w.subdivision) into v_locale from people_worker w where w.id = p_worker;
  select coalesce(max(s.id), 0) into v_last from qualifications_requirementset s;
  v_from := case when e.stale or e.locale <> v_locale then 0 else e.sets_seen end;

  with held as materialized (
    select f.type_id, f.value from qualifications_facts(p_worker) f
  ), unmet as (
    select r.set_id, max(r.guard) as guard
      from qualifications_setrequirement r left join held h on h.type_id = r.type_id
     where r.set_id > v_from and r.set_id <= v_last
       and not qualifications_meets(r.type_id, r.comparator, r.integers, r.locales, v_locale, h.type_id is not null, h.value)
     group by r.set_id
  )
  select coalesce(array_agg(s.id order by s.id) filter (where u.guard is null), '{}'),
         coalesce(array_agg(s.id order by s.id) filter (where u.guard >= 2), '{}'),
         coalesce(array_agg(s.id order by s.id) filter (where u.guard >= 3), '{}')
    into v_accept, v_no_preview, v_no_discover
    from qualifications_requirementset s left join unmet u on u.set_id = s.id
   where s.id > v_from and s.id <= v_last;
  if v_from > 0 then
    v_accept := e.set_ids || v_accept;
    v_no_preview := e.no_preview || v_no_preview;
    v_no_discover := e.no_discover || v_no_discover;
  end if;
  update qualifications_eligibility q
     set set_ids = v_accept, no_preview = v_no_preview, no_discover = v_no_discover, sets_seen = v_last,
         locale = v_locale, stale = false, computed_at = p_now
   where q.worker_id = p_worker;
  return query select v_accept, v_no_preview, v_no_discover;
end $$;

-- Whether a worker may accept work of this set; null: not known, judge first.
create or replace function qualifications_may_accept(p_worker bigint, p_set bigint) returns boolean
language sql stable as $$
  select case when e.stale or e.locale <> qualifications_locale(w.country, w.subdivision) then null
              when e.set_ids @> array[p_set] then true
              when e.sets_seen >= p_set then false end
    from qualifications_eligibility e join people_worker w on w.id = e.worker_id
   where e.worker_id = p_worker
$$;

-- Whether work of this set is for a hire group of its requester.
create or replace function qualifications_is_for_group(p_set bigint) returns boolean
language sql stable as $$
  select exists (
    select from qualifications_setrequirement r
      join qualifications_qualificationtype t on t.public_id = r.type_id
     where r.set_id = p_set and t.kind = 'group')
$$;

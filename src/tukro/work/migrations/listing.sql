-- What is free in a group, and until when (null: nothing is).
create or replace function work_count_open(
  p_type bigint, p_now timestamptz, out places int, out tasks int, out until timestamptz
)
language sql stable as $$
  select least(coalesce(sum(l.capacity - l.taken), 0), 2147483647)::int, count(distinct l.task_id)::int, max(t.expires_at)
    from work_lane l join work_task t on t.id = l.task_id
   where l.task_type_id = p_type and l.is_open and t.expires_at > p_now
$$;

-- The language that a text is written in, by its letters; '' when there are too few of either script.
create or replace function work_language_of(p_text text) returns text
language sql immutable as $$
  select case when bengali > latin then 'bn' when latin > 0 then 'en' else '' end
    from (select length(regexp_replace(p_text, '[^\u0980-\u09ff]', '', 'g')) as bengali,
                 length(regexp_replace(p_text, '[^a-zA-Z]', '', 'g')) as latin) letters
$$;

-- Whether a type's work can be done on a phone: what its requester says, else that our own forms can, and that of
-- pages nobody knows it.
create or replace function work_suits_phone(p_type bigint) returns boolean
language plpgsql stable as $$
begin
  return coalesce((select y.on_phone from work_tasktype y where y.id = p_type), (
    select q.kind in ('proof', 'form') from work_batch b join work_question q on q.id = b.question_id
     where b.task_type_id = p_type order by b.id desc limit 1), false);
end $$;

-- Brings the listings of these groups up to date: what is free, and what an hour has paid so far: the reward over the
-- median time worked on the latest answers, in whole cents, and what it paid the slower and the faster
-- quarter. Fewer answers than rules.HOURLY_SAMPLE say nothing: no pay, and the time that the requester says. Those of p_grown, which have tasks that
-- were made since, come first among the newest.
--
-- Counting reads all that is free. A group of thousands waits for it a second for every thousand tasks, a minute at most
-- (there it is no matter of a few), so that counting a group of any size takes the same share of the time.
create or replace function work_refresh_listings(p_types bigint[], p_grown bigint[], p_now timestamptz) returns int
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_due bigint[];
  v_count int;
begin
  update work_listing l
     set count_due = coalesce(l.count_due, p_now + make_interval(secs => least(60, l.open_tasks / 1000))),
         listed_at = case when l.task_type_id = any(p_grown) then p_now else l.listed_at end
   where l.task_type_id = any(p_types) and l.open_tasks > 2000
     and (l.count_due is null or l.task_type_id = any(p_grown));
  v_due := array(
    select l.task_type_id from work_listing l where l.task_type_id = any(p_types) and l.open_tasks <= 2000
    union
    select l.task_type_id from work_listing l where l.count_due <= p_now);
  update work_listing l
     set count_due = null, open_places = c.places, open_tasks = c.tasks, is_open = c.tasks > 0, hourly = coalesce(m.hourly, 0),
         hourly_low = coalesce(m.low, 0), hourly_high = coalesce(m.high, 0), hourly_sample = m.sample,
         takes_seconds = coalesce(m.seconds, y.estimate_seconds), expires_at = coalesce(c.until, l.expires_at),
         listed_at = case when p.type_id = any(p_grown) then p_now else l.listed_at end
    from unnest(v_due) p(type_id)
    join work_tasktype y on y.id = p.type_id
   cross join lateral work_count_open(p.type_id, p_now) c
   cross join lateral (
     select t.sample, case when t.sample >= 5 then t.quarters[2]::int end as seconds,
            case when t.sample >= 5 then (y.reward * 3600 / greatest(1, t.quarters[2]))::bigint / 10000 * 10000 end as hourly,
            case when t.sample >= 5 then (y.reward * 3600 / greatest(1, t.quarters[3]))::bigint / 10000 * 10000 end as low,
            case when t.sample >= 5 then (y.reward * 3600 / greatest(1, t.quarters[1]))::bigint / 10000 * 10000 end as high
       from (
     select count(*)::int as sample,
            percentile_cont(array[0.25, 0.5, 0.75]) within group (order by s.seconds) as quarters
       from (
         select a.worked_seconds as seconds
           from (select b.id from work_batch b where b.task_type_id = y.id order by b.id desc limit 3) b
          cross join lateral (
            select * from work_assignment d where d.batch_id = b.id order by d.id desc limit 200) a
          where a.submitted_at is not null) s) t) m
   where l.task_type_id = p.type_id;
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- Nobody accepts work of a group that opens with so few places before lots are drawn.
create or replace function work_begin_draw(p_type bigint, p_places bigint, p_now timestamptz) returns void
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  perform from work_listing l where l.task_type_id = p_type and l.is_open and l.expires_at > p_now;
  if not found then
    update work_tasktype y set draw_at = p_now + make_interval(secs => p.seconds)
      from work_lotterypolicy p where y.id = p_type and y.draw_at is null and p_places < p.smaller_than;
  end if;
end $$;

-- Shows a group in the open list with what is free in it now; the newest of all. One that opens with fewer places than
-- the operator's lottery policy says is drawn by lot a few seconds later.
create or replace function work_list_group(p_type bigint, p_expires_at timestamptz, p_now timestamptz) returns void
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  perform work_begin_draw(p_type, c.places, p_now) from work_count_open(p_type, p_now) c;
  insert into work_listing (task_type_id, requester_id, category, requirement_set_id, reward, is_open,
                            open_places, open_tasks, listed_at, expires_at, hourly, hourly_low, hourly_high, hourly_sample, takes_seconds,
                            language, on_phone, words)
  select y.id, y.requester_id, y.category_id, y.requirement_set_id, y.reward, true, c.places, c.tasks, p_now,
         p_expires_at, 0, 0, 0, 0, y.estimate_seconds,
         coalesce(nullif(y.language, ''), work_language_of(y.title || ' ' || y.description)), work_suits_phone(y.id),
         setweight(to_tsvector('simple', y.title), 'A') || setweight(to_tsvector('simple', y.keywords), 'B')
           || setweight(to_tsvector('simple', y.description), 'C')
    from work_tasktype y, work_count_open(y.id, p_now) c
   where y.id = p_type
  on conflict (task_type_id) do update
     set is_open = true, open_places = excluded.open_places, open_tasks = excluded.open_tasks,
         listed_at = excluded.listed_at, on_phone = excluded.on_phone, expires_at = greatest(work_listing.expires_at, excluded.expires_at);
end $$;

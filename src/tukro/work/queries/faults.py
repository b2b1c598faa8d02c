"""Proofs of work: each query names what must never be; no row means that all is well."""

from __future__ import annotations

from django.db import connection

# Counts are lateral on purpose: each is one walk along an index, whatever the planner believes about tables
# that have just been filled; joined to a grouped sub-select they can take the square of them.
# Settled places have used or given back their money; all others still have theirs in the lane's hold.
_PROOFS = {
    "lane's hold is not the price of its unsettled places": """
        select l.id, h.balance, l.capacity, s.places from work_lane l
          join work_tasktype y on y.id = l.task_type_id
          join money_hold h on h.id = l.hold
          cross join lateral (select count(*) as places from work_assignment a
             where a.lane_id = l.id and (a.state = 'approved' or a.released_at is not null)) s
         where h.balance <> (y.reward + y.fee) * (l.capacity - s.places)""",
    "lane without a hold": """
        select l.id from work_lane l left join money_hold h on h.id = l.hold where h.id is null""",
    "taken places are not the assignments that occupy them": """
        select l.id, l.taken, o.places from work_lane l
          cross join lateral (select count(*) as places from work_assignment a
             where a.lane_id = l.id and a.state not in ('returned', 'abandoned')) o
         where l.taken <> o.places""",
    "open lane of a task that is not open, or without a place": """
        select l.id from work_lane l join work_task t on t.id = l.task_id
         where l.is_open <> (t.state = 'open' and l.taken < l.capacity)""",
    "closed task with free places": """
        select l.id from work_lane l join work_task t on t.id = l.task_id
         where t.state = 'closed' and l.taken <> l.capacity""",
    "task has more places in its lanes than it offers": """
        select t.id, t.places, s.places from work_task t
          cross join lateral (select sum(l.capacity) as places from work_lane l where l.task_id = t.id) s
         where s.places > t.places or (t.state <> 'closed' and s.places <> t.places)""",
    "assignment disagrees with its lane or task": """
        select a.id from work_assignment a
          left join work_lane l on l.id = a.lane_id left join work_task t on t.id = l.task_id
         where (l.task_id, t.requester_id) is distinct from (a.task_id, a.requester_id)
            -- A task that nobody holds any more may have got other terms since.
            or a.state not in ('returned', 'abandoned')
               and (l.task_type_id, t.task_type_id, t.batch_id)
                   is distinct from (a.task_type_id, a.task_type_id, a.batch_id)""",
    "assignment carries other terms than it was accepted under": """
        select a.id from work_assignment a
          join work_lane l on l.id = a.lane_id
          join work_tasktype y on y.id = a.task_type_id
          join work_task t on t.id = a.task_id
          join work_question q on q.id = t.question_id
          left join people_worker w on w.id = a.worker_id
         where (a.hold, a.reward, a.fee, a.auto_approve_seconds, a.group_id)
               is distinct from (l.hold, y.reward, y.fee, y.auto_approve_seconds, y.group_id)
            or (a.own_form, a.reviews, a.task_public_id, a.worker_public_id)
               is distinct from (q.kind in ('proof', 'form'), t.reviews, t.public_id, w.public_id)""",
    "a draft that handing in would not look for": """
        select d.assignment_id from work_draft d join work_assignment a on a.id = d.assignment_id
         where not a.had_draft""",
    # Materialized: on tables that were never analyzed the planner would add up every payment per assignment.
    "approved and not paid exactly its reward": """
        with payment as materialized (select * from money_payment)
        select a.id, p.reward from work_assignment a
          join work_tasktype y on y.id = a.task_type_id
          join people_worker w on w.id = a.worker_id
          left join payment p on p.assignment = a.public_id
         where a.state = 'approved' and y.reward + y.fee > 0
           and (p.reward, p.fee, p.worker)
               is distinct from (y.reward, y.fee, case when y.reward > 0 then w.public_id end)""",
    "paid and not approved": """
        with payment as materialized (select * from money_payment)
        select p.assignment from payment p
          left join work_assignment a on a.public_id = p.assignment
         where a.state is distinct from 'approved'""",
    "in a worker's hands, yet decided or waiting for review, or the other way round": """
        select a.id from work_assignment a
         where (a.state in ('accepted', 'revising'))
               <> (a.decided_at is null and a.auto_approve_at is null)""",
    "handed in without an answer, or without the time that was worked on it": """
        select a.id from work_assignment a
         where a.state in ('submitted', 'revising', 'approved', 'rejected')
           and (a.answer is null or a.worked_seconds is null)""",
    "rejected and not settled, and the money waits neither for a time nor for an appeal": """
        select a.id from work_assignment a
          left join work_appeal p on p.assignment_id = a.id and p.outcome = 'open'
         where a.state = 'rejected' and (a.release_at is null) <> (p.id is not null)""",
    "rejected without a reason or a time": """
        select a.id from work_assignment a
         where a.state = 'rejected' and (a.reason_code = '' or a.rejected_at is null)""",
    "open appeal against what is no rejection, or whose money has gone": """
        select p.id from work_appeal p join work_assignment a on a.id = p.assignment_id
         where p.outcome = 'open' and (a.state <> 'rejected' or a.released_at is not null)""",
    "disposed of, yet open, or with work that waits for a verdict": """
        select t.id from work_task t
         where t.disposed_at is not null and (t.state <> 'closed' or exists (
               select from work_assignment a where a.task_id = t.id and a.state = 'submitted'))""",
    "task of the wire outside the standing batch of its type": """
        select b.id from work_batch b join work_task t on t.batch_id = b.id
         where b.source = 'wire' and t.task_type_id <> b.task_type_id""",
    "listing disagrees with its terms": """
        select l.task_type_id from work_listing l join work_tasktype y on y.id = l.task_type_id
         where (l.requester_id, l.category, l.requirement_set_id, l.reward)
               is distinct from (y.requester_id, y.category_id, y.requirement_set_id, y.reward)""",
}


def work_faults() -> list[str]:
    """What contradicts the laws of work, one line per finding, at most ten per law."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for law, sql in _PROOFS.items():
            cursor.execute(f"{sql} limit 10")
            found += [f"{law}: {row}" for row in cursor.fetchall()]
    return found

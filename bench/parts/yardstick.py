"""How quick this machine is, told by transactions whose cost is known where the CPU budgets were set.

A budget in µs means nothing without the machine that it was set on, and a look-up by key is mostly the
kernel's work. So the yardstick is three plain transactions of the kind that the budgets are about, on tables
of its own: taking a place, handing in an answer, booking a payment that must balance. They do nothing else:
no terms, no limits, no journal, no news. What they cost where the budgets were set is in ``THERE``.
"""

from __future__ import annotations

import psycopg

from bench.parts import pgbench
from bench.parts.server import Server

# PostgreSQL's µs of CPU for each where the budgets were set (the middle of what was seen), with 4 clients
# and commits that do not wait.
THERE = {"take": 109, "hand in": 77, "pay": 170}

_CLIENTS, _EACH = 4, 8000
_TABLES = """
create schema yard;
create table yard.balance (owner int primary key, cents bigint not null default 0) with (fillfactor = 70);
create table yard.series (no int primary key, payer int not null references yard.balance deferrable initially
  deferred, cents bigint not null, seconds int not null);
create table yard.piece (no int primary key, series int not null references yard.series deferrable initially
  deferred, places int not null check (places >= 0), open boolean not null default true, input jsonb not null)
  with (fillfactor = 80);
create index on yard.piece (series, no) where open;
create table yard.taking (no bigint generated always as identity primary key, piece int not null references
  yard.piece deferrable initially deferred, series int not null, taker int not null, state smallint not null
  default 0, taken_at timestamptz not null default now(), until timestamptz not null,
  handed_in_at timestamptz, paid_at timestamptz, unique (piece, taker)) with (fillfactor = 80);
create index on yard.taking (until) where state = 0;
create index on yard.taking (taker, no);
create index on yard.taking (series, no) where state = 1;
create table yard.answer (taking bigint primary key references yard.taking deferrable initially deferred,
  body jsonb not null);
create table yard.booking (no bigint generated always as identity primary key, cause smallint not null, about
  bigint not null, at timestamptz not null default now(), unique (cause, about));
create table yard.line (booking bigint references yard.booking deferrable initially deferred, owner int
  references yard.balance deferrable initially deferred, cents bigint not null check (cents <> 0),
  primary key (booking, owner));
create index on yard.line (owner, booking);
create sequence yard.handed_in; create sequence yard.paid;

create function yard.must_balance() returns trigger language plpgsql as $$
begin
  if (select count(*) < 2 or sum(cents) <> 0 from yard.line where booking = new.no) then
    raise exception 'booking % does not balance', new.no;
  end if;
  return null;
end $$;
create constraint trigger must_balance after insert on yard.booking deferrable initially deferred
  for each row execute function yard.must_balance();

create function yard.take(of_series int, by_taker int) returns bigint language plpgsql as $$
declare chosen int; made bigint;
begin
  select p.no into chosen from yard.piece p where p.series = of_series and p.open
    and (select t.taker from yard.taking t where t.piece = p.no and t.taker = by_taker limit 1) is null
    order by p.no limit 1 for no key update of p skip locked;
  if not found then raise exception 'nothing is left in series %', of_series; end if;
  update yard.piece set places = places - 1, open = places > 1 where no = chosen;
  insert into yard.taking (piece, series, taker, until)
    select chosen, of_series, by_taker, now() + make_interval(secs => s.seconds)
    from yard.series s where s.no = of_series returning no into made;
  return made;
end $$;

create function yard.hand_in(of_taking bigint, given jsonb) returns bigint language plpgsql as $$
begin
  update yard.taking set state = 1, handed_in_at = now() where no = of_taking and state = 0 and until > now();
  if not found then raise exception 'taking % cannot be handed in', of_taking; end if;
  insert into yard.answer values (of_taking, given);
  return of_taking;
end $$;

create function yard.pay(of_taking bigint) returns bigint language plpgsql as $$
declare worker int; terms yard.series; booked bigint; about_series int;
begin
  update yard.taking set state = 2, paid_at = now() where no = of_taking and state = 1
    returning taker, series into worker, about_series;
  if not found then raise exception 'taking % cannot be paid', of_taking; end if;
  select * into terms from yard.series where no = about_series;
  insert into yard.booking (cause, about) values (1, of_taking) returning no into booked;
  insert into yard.line values (booked, terms.payer, -terms.cents), (booked, worker, terms.cents - 1),
    (booked, 0, 1);
  update yard.balance set cents = cents + terms.cents - 1 where owner = worker;
  return booked;
end $$;
"""
# 100 series of 1,000 pieces; 10,000 workers take, others have taken what is handed in and paid. Owner 0 is
# the house, and those under 1,000 pay.
_ROWS = """
insert into yard.balance (owner) select generate_series(0, 70000);
insert into yard.series select no, no, 6, 3600 from generate_series(1, 100) no;
insert into yard.piece select no, 1 + (no - 1) / 1000, 30, true, jsonb_build_object('picture', no || '.jpg')
  from generate_series(1, 100000) no;
insert into yard.taking (piece, series, taker, until)
  select 1 + no % 100000, 1 + no % 100000 / 1000, 20000 + no % 49999, now() + interval '1 day'
  from generate_series(0, 199999) no;
update yard.taking set state = 1, handed_in_at = now() where no > 100000;
insert into yard.answer select no, '{"answer": "yes"}' from yard.taking where no > 100000;
select setval('yard.paid', 100000);
"""
_SCRIPTS = {
    "take": "\\set s random(1, 100)\n\\set w random(1000, 10999)\nselect yard.take(:s, :w);",
    "hand in": """select yard.hand_in((select nextval('yard.handed_in')), '{"answer": "yes"}');""",
    "pay": "select yard.pay((select nextval('yard.paid')));",
}


class Yardstick:
    """Laid once, in a schema of its own; each look measures the machine as it is just then."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._looks: list[dict[str, float]] = []

    def lay(self) -> None:
        with psycopg.connect(self._server.url, autocommit=True) as connection:
            connection.execute(_TABLES)
            connection.execute(_ROWS)
            connection.execute(
                "vacuum analyze yard.balance, yard.series, yard.piece, yard.taking, yard.answer"
            )

    def look(self) -> None:
        self._looks.append(
            {
                name: pgbench.run(
                    self._server, script, clients=_CLIENTS, transactions=_EACH, durable=False
                ).database_us
                for name, script in _SCRIPTS.items()
            }
        )

    @property
    def here(self) -> dict[str, float]:
        """PostgreSQL's µs of CPU for each, the mean of the looks."""
        return {name: sum(each[name] for each in self._looks) / len(self._looks) for name in THERE}

    @property
    def pace(self) -> float:
        """How many times as long this machine takes as that of the budgets."""
        return sum(self.here.values()) / sum(THERE.values())

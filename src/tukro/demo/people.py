"""The people of the demo market. Their passwords are made anew for every market and are nowhere else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tukro.people.actions.accounts import create_requester, create_staff, create_user, create_worker
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.country import ask_country
from tukro.people.actions.joining import request_worker_account
from tukro.people.models import Requester, User, Worker

Role = Literal["worker", "requester", "staff"]

_DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to look at the market through somebody's eyes."""

    role: Role
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Person:
    """``care`` is how often a worker is right."""

    key: str
    name: str
    address: str
    city: str
    postal_code: str
    country: str = "BD"
    care: float = 0.95


REQUESTERS = (
    Person("lab", "অক্ষর ডেটা ল্যাব (Akkhor Data Lab)", "42 Kemal Ataturk Avenue", "Dhaka", "1213"),
    Person("school", "নদী পাঠশালা (Nodi Pathshala)", "7 College Road", "Barishal", "8200"),
    Person("haat", "হাটের খবর (Haat Khobor)", "118 Station Road", "Bogura", "5800"),
)
WORKERS = (
    Person("rahima", "Rahima Khatun", "Village Char Kalibari", "Mymensingh", "2200", care=0.97),
    Person("tanvir", "Tanvir Ahmed", "House 9, Road 4, Uposhohor", "Rajshahi", "6202", care=0.90),
    Person("nusrat", "Nusrat Jahan", "23 Lamabazar", "Sylhet", "3100", care=0.98),
    Person("jahid", "Jahid Hasan", "Khalishpur Housing Estate", "Khulna", "9000", care=0.80),
    Person("moushumi", "Moushumi Das", "15 Rabindra Sarani", "Kolkata", "700073", "IN", care=0.94),
    Person("arif", "Arif Hossain", "Kandirpar", "Cumilla", "3500", care=0.88),
    Person("shilpi", "Shilpi Rani Roy", "Mahiganj", "Rangpur", "5403", care=0.93),
    Person("bikash", "Bikash Chakma", "Banarupa", "Rangamati", "4500", care=0.72),
)
DEBTOR = Person("mela", "মেলা প্রেস (Mela Press)", "5 Court Road", "Pabna", "6600")
BEGINNER = Person("mitu", "Mitu Akhter", "Boro Bazar", "Gazipur", "1700")
NEWCOMERS = (
    Person("sumaiya", "Sumaiya Akter", "Sadar Road", "Jashore", "7400"),
    Person("rakib", "Rakibul Islam", "Chawkbazar", "Chattogram", "4203"),
)
STAFF = Person("staff", "Shirin Sultana", "1 House Lane", "Dhaka", "1000")


def join_requesters(now: datetime) -> tuple[dict[str, Requester], list[SignIn]]:
    """The requesters by key, and their sign-ins; the first is the one to look through."""
    joined, sign_ins = {}, []
    for person in REQUESTERS:
        sign_in = _sign_in("requester", person)
        joined[person.key] = create_requester(sign_in.email, sign_in.password, name=person.name, now=now)
        _live_there(joined[person.key].user, person, now)
        sign_ins.append(sign_in)
    return joined, sign_ins


def join_debtor(now: datetime) -> Requester:
    """A requester whom nobody looks through: their debt is there for staff."""
    sign_in = _sign_in("requester", DEBTOR)
    debtor = create_requester(sign_in.email, sign_in.password, name=DEBTOR.name, now=now)
    _live_there(debtor.user, DEBTOR, now)
    return debtor


def join_workers(now: datetime) -> tuple[dict[str, Worker], list[SignIn]]:
    """The workers by key, ready to work, and their sign-ins; the first is the one to look through."""
    joined, sign_ins = {}, []
    for person in WORKERS:
        sign_in = _sign_in("worker", person)
        joined[person.key] = create_worker(sign_in.email, sign_in.password, country=person.country, now=now)
        _live_there(joined[person.key].user, person, now)
        sign_ins.append(sign_in)
    return joined, sign_ins


def join_beginner(now: datetime) -> tuple[Worker, SignIn]:
    """A worker on the first day, who has not done a task yet."""
    sign_in = _sign_in("worker", BEGINNER)
    worker = create_worker(sign_in.email, sign_in.password, country=BEGINNER.country, now=now)
    _live_there(worker.user, BEGINNER, now)
    return worker, sign_in


def ask_to_join(now: datetime) -> None:
    """People who asked to be workers a moment ago, for staff to look at."""
    for person in NEWCOMERS:
        sign_in = _sign_in("worker", person)
        user = create_user(sign_in.email, sign_in.password)
        _live_there(user, person, now)
        request_worker_account(user=user, country=person.country, now=now)


def ask_to_move(worker: Worker, now: datetime) -> None:
    """A worker who asked for another country, for staff to decide."""
    said = "Since May I live with my sister's family in Guwahati."
    ask_country(worker=worker, country="IN", said=said, now=now)


def join_staff(now: datetime) -> tuple[User, SignIn]:
    sign_in = _sign_in("staff", STAFF)
    return create_staff(sign_in.email, sign_in.password, now=now), sign_in


def _sign_in(role: Role, person: Person) -> SignIn:
    return SignIn(role, person.name, f"{person.key}@{_DOMAIN}", secrets.token_urlsafe(9))


def _live_there(user: User, person: Person, now: datetime) -> None:
    contact = Contact(person.name, person.address, person.postal_code, person.city, person.country)
    save_contact(user=user, contact=contact, now=now)

"""The code in a text message: who may ask, what it proves, what limits it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from pytest_django.fixtures import Settings

from tests import make
from tests.make import NOW
from tests.together import outcomes, together
from tukro.journal.queries import history
from tukro.people.actions.phones import (
    BadCode,
    BadNumber,
    CodeTooOld,
    CodeTooSoon,
    CountryNotServed,
    NoCode,
    NumberTaken,
    PhoneProvedBefore,
    PhoneReasonMissing,
    TextsSpent,
    WrongCode,
    ask_for_code,
    claim_code,
    end_stale_codes,
    enter_code,
    forget_phones,
    free_phones,
    record_text,
)
from tukro.people.models import CodeState, PhoneCode, ProvedPhone, Worker
from tukro.people.queries.phones import code_of, phone_of
from tukro.people.rules.phones import (
    CLAIM_LASTS,
    COUNTED,
    GOOD_FOR,
    MOST_OF_ADDRESS,
    MOST_OF_NUMBER,
    MOST_OF_WORKER,
    TRIES,
    TextNews,
    masked_number,
    national,
    network_of,
    next_code_at,
    read_number,
    spelled,
)

NUMBER, OTHER = "+8801712345678", "+8801812345679"


@pytest.fixture
def rahima(db: None) -> Worker:
    del db
    return make.worker(proved=False)


def ask(worker: Worker, number: str = NUMBER, *, now: datetime = NOW, line: str = "203.0.113.9") -> PhoneCode:
    return ask_for_code(worker=worker, number=number, from_address=line, now=now)


def state_of(worker: Worker) -> str:
    """What became of the worker's newest code."""
    code = code_of(worker)
    assert code is not None
    return code.state


def send(now: datetime = NOW, said: TextNews | None = None) -> str:
    """What stands in the message that goes out next: its code."""
    code = claim_code(provider="twilio", now=now)
    assert code is not None
    content = code.content()
    assert content is not None
    record_text(
        code_id=code.public_id, attempt=code.attempts, news=said or TextNews("accepted", "SM1"), now=now
    )
    return content[1]


def prove(worker: Worker, number: str = NUMBER, *, now: datetime = NOW) -> None:
    ask(worker, number, now=now, line="")
    enter_code(worker=worker, code=send(now), now=now)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.mark.parametrize(
    ("typed", "country", "read"),
    [
        ("01712-345678", "BD", NUMBER),
        ("০১৭১২ ৩৪৫৬৭৮", "BD", NUMBER),
        ("+৮৮০ ১৭১২ ৩৪৫৬৭৮", "", NUMBER),
        ("8801712345678", "BD", NUMBER),
        ("+91 98765 43210", "BD", "+919876543210"),
        ("98765 43210", "IN", "+919876543210"),
        ("02 9555555", "BD", None),  # a land line
        ("01712", "BD", None),
        ("01712345678", "", None),  # of which country?
        ("999", "BD", None),
        ("rahima", "BD", None),
    ],
)
def test_mobile_numbers_are_read_as_people_write_them(typed: str, country: str, read: str | None) -> None:
    assert read_number(typed, country) == read


def test_numbers_are_shown_masked_and_spelled() -> None:
    assert masked_number(NUMBER) == "+880 ••••••• 678"
    assert (spelled(NUMBER), national(NUMBER)) == ("+880 1712-345678", "01712345678")
    assert network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert (network_of("203.0.113.9"), network_of("nobody")) == ("203.0.113.9", "")


def test_a_right_code_proves_the_number(rahima: Worker) -> None:
    made = ask(rahima, "০১৭১২-৩৪৫৬৭৮")
    code = send()
    bengali = code.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    enter_code(worker=rahima, code=f" {bengali[:3]} {bengali[3:]} ", now=NOW)
    phone = phone_of(rahima)
    assert phone is not None
    assert (phone.number, phone.shown, phone.replaced_at) == (NUMBER, masked_number(NUMBER), None)
    told = history(rahima.public_id)
    assert [event.name for event in told] == ["PhoneCodeAsked", "PhoneProved"]
    rows = repr([*PhoneCode.objects.values(), *ProvedPhone.objects.values(), *(one.facts for one in told)])
    assert "12345678" not in rows
    assert code not in rows
    made.refresh_from_db()
    assert made.sealed is None
    with pytest.raises(PhoneProvedBefore):
        ask(rahima, now=NOW + timedelta(hours=1))


def test_wrong_codes_are_counted_and_old_ones_do_not_work(rahima: Worker) -> None:
    with pytest.raises(NoCode):
        enter_code(worker=rahima, code="123456", now=NOW)
    ask(rahima)
    with pytest.raises(NoCode):  # nobody has sent it
        enter_code(worker=rahima, code="123456", now=NOW)
    code = send()
    with pytest.raises(BadCode):
        enter_code(worker=rahima, code="12345", now=NOW)
    for left in reversed(range(TRIES)):
        with pytest.raises(WrongCode) as refused:
            enter_code(worker=rahima, code=wrong(code), now=NOW)
        assert refused.value.facts == {"left": left}
    with pytest.raises(WrongCode):  # the right one no more
        enter_code(worker=rahima, code=code, now=NOW)
    later = NOW + timedelta(minutes=20)
    ask(rahima, now=later)
    code = send(later)
    with pytest.raises(CodeTooOld):
        enter_code(worker=rahima, code=code, now=later + GOOD_FOR)
    end_stale_codes(now=later + GOOD_FOR)
    assert not PhoneCode.objects.filter(sealed__isnull=False).exists()
    assert phone_of(rahima) is None


def test_a_number_belongs_to_one_account_and_only_its_reader_learns_that(rahima: Worker) -> None:
    prove(rahima)
    nadia = make.worker(proved=False)
    ask(nadia)  # says nothing
    with pytest.raises(NumberTaken):
        enter_code(worker=nadia, code=send(), now=NOW)
    assert phone_of(nadia) is None
    assert state_of(nadia) == CodeState.TAKEN
    assert [event.name for event in history(nadia.public_id)] == ["PhoneCodeAsked", "PhoneTaken"]


@pytest.mark.django_db(transaction=True)
def test_two_who_prove_one_number_at_once_one_gets_it() -> None:
    workers = [make.worker(proved=False) for _ in range(2)]
    acts = []
    for worker in workers:
        ask(worker)
        acts.append(partial(enter_code, worker=worker, code=send(), now=NOW))
    assert outcomes(together(*acts)) == {"done": 1, "NumberTaken": 1}
    assert ProvedPhone.objects.count() == 1


def test_a_new_number_takes_the_place_of_the_old_one_which_stays_taken(rahima: Worker) -> None:
    prove(rahima)
    later = NOW + timedelta(days=2)
    prove(rahima, OTHER, now=later)
    phone = phone_of(rahima)
    assert phone is not None
    assert (phone.number, phone.replaced_at) == (OTHER, later)
    nadia = make.worker(proved=False)
    ask(nadia, now=later)
    with pytest.raises(NumberTaken):
        enter_code(worker=nadia, code=send(later), now=later)
    staff = make.staff().actor
    with pytest.raises(PhoneReasonMissing):
        free_phones(by=staff, worker=rahima, reason=" ", now=later)
    assert free_phones(by=staff, worker=rahima, reason="Sold again", now=later) == 2
    prove(nadia, now=later + timedelta(days=1))
    assert phone_of(nadia) is not None


def test_who_leaves_in_good_standing_frees_the_number_and_who_was_barred_does_not(rahima: Worker) -> None:
    prove(rahima)
    forget_phones(rahima)
    assert not ProvedPhone.objects.exists()
    prove(rahima, now=NOW + timedelta(days=2))
    rahima.state = "suspended"
    forget_phones(rahima)
    assert ProvedPhone.objects.get().number is None


def test_messages_are_limited_by_person_number_line_and_house(rahima: Worker, settings: Settings) -> None:
    with pytest.raises(BadNumber):
        ask(rahima, "02 9555555")
    ask(rahima)
    with pytest.raises(CodeTooSoon) as soon:
        ask(rahima, now=NOW + timedelta(seconds=59))
    assert soon.value.facts == {"at": NOW + timedelta(minutes=1)}
    first = code_of(rahima)
    ask(rahima, now=NOW + timedelta(minutes=1))
    assert first is not None
    assert PhoneCode.objects.get(pk=first.pk).state == CodeState.REPLACED
    settings.SMS_COUNTRIES = frozenset({"IN"})
    with pytest.raises(CountryNotServed):
        ask(rahima, OTHER, now=NOW + timedelta(hours=1))
    settings.SMS_COUNTRIES = frozenset()
    settings.SMS_A_DAY = 2
    with pytest.raises(TextsSpent):
        ask(make.worker(), OTHER)
    settings.SMS_A_DAY = 100
    for _ in range(MOST_OF_NUMBER - 2):
        ask(make.worker(), now=NOW + timedelta(minutes=2), line="")
    with pytest.raises(CodeTooSoon):  # to this number nobody sends more today
        ask(make.worker(), now=NOW + timedelta(minutes=3), line="")
    ask(make.worker(), now=NOW + timedelta(days=1, minutes=1), line="")


def test_who_comes_from_nowhere_is_not_counted_as_one_line(
    rahima: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tukro.people.rules.phones.MOST_OF_ADDRESS", 1)
    ask(make.worker(), OTHER, line="")
    ask(rahima, line="")
    nadia = make.worker()
    ask(nadia, "+8801912345678", line="203.0.113.9")
    with pytest.raises(CodeTooSoon):
        ask(make.worker(), "+8801612345678", line="203.0.113.9")


def test_each_limit_ends_a_day_after_the_one_that_counts() -> None:
    def times(count: int) -> list[datetime]:
        return [NOW - timedelta(hours=hour) for hour in range(count)]

    assert next_code_at([], [], []) is None
    assert next_code_at(times(2), [], []) == NOW + timedelta(minutes=5)
    assert next_code_at(times(MOST_OF_WORKER), [], []) == times(MOST_OF_WORKER)[-1] + COUNTED
    assert next_code_at([], times(MOST_OF_NUMBER), []) == times(MOST_OF_NUMBER)[-1] + COUNTED
    line = [NOW] * MOST_OF_ADDRESS
    assert next_code_at([], [], line[1:]) is None
    assert next_code_at([], [], line) == NOW + COUNTED


def test_what_is_unclear_is_never_sent_again_and_what_was_not_sent_is(rahima: Worker) -> None:
    ask(rahima)
    send(said=TextNews("absent", reason="429"))
    assert claim_code(provider="twilio", now=NOW) is None  # in a while
    code = send(NOW + timedelta(seconds=15), TextNews("unclear", reason="ReadTimeout"))
    for minutes in (1, 5, 14):
        assert claim_code(provider="twilio", now=NOW + timedelta(minutes=minutes)) is None
    enter_code(worker=rahima, code=code, now=NOW + timedelta(minutes=5))  # it came all the same
    assert phone_of(rahima) is not None


def test_a_code_whose_sender_died_is_unknown_and_one_that_nobody_could_send_lapses(rahima: Worker) -> None:
    ask(rahima)
    claimed = claim_code(provider="twilio", now=NOW)
    assert claimed is not None
    later = NOW + CLAIM_LASTS
    assert end_stale_codes(now=later) == 1
    assert state_of(rahima) == CodeState.UNKNOWN
    nadia = make.worker()
    ask(nadia, OTHER)
    end_stale_codes(now=NOW + GOOD_FOR)
    assert state_of(nadia) == CodeState.FAILED
    assert history(nadia.public_id)[1].name == "PhoneCodeFailed"


def test_an_answer_that_comes_late_changes_nothing(rahima: Worker) -> None:
    ask(rahima)
    claimed = claim_code(provider="twilio", now=NOW)
    assert claimed is not None
    content = claimed.content()
    assert content is not None
    enter_code(worker=rahima, code=content[1], now=NOW)  # quicker than the answer
    record_text(code_id=claimed.public_id, attempt=1, news=TextNews("refused"), now=NOW)
    assert state_of(rahima) == CodeState.ENTERED

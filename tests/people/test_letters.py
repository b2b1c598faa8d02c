"""The letter with a PIN: who may ask, what staff do, and how a PIN proves an address (S1-28 to S1-30)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.make import NOW
from tests.together import outcomes, together
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.letters import (
    AddressMissing,
    AddressProvedBefore,
    AddressTaken,
    BadPin,
    LetterNotMovable,
    LetterReasonMissing,
    LetterTooSoon,
    LetterUnderWay,
    NoLetter,
    NothingToPrint,
    NoTriesLeft,
    PinTooOld,
    WrongPin,
    ask_for_letter,
    cancel_letter,
    enter_pin,
    forget_letters,
    post_letters,
    print_letters,
    return_letter,
    vouch_for,
)
from tukro.people.models import AddressLetter, LetterState, Worker
from tukro.people.queries import is_proved, letter_of, place_of
from tukro.people.rules.letters import (
    ANNOUNCED,
    GOOD_FOR,
    LETTERS_COUNTED,
    MOST_LETTERS,
    TRIES,
    next_letter_at,
)

pytestmark = pytest.mark.django_db
HOME = Contact("রহিমা খাতুন", "বাড়ি ১২, সড়ক ৫, ধানমন্ডি", "1205", "ঢাকা", "BD")
LATER = NOW + timedelta(days=3)


@pytest.fixture
def rahima() -> Worker:
    worker = make.worker(proved=False)
    save_contact(user=worker.user, contact=HOME, now=NOW)
    return worker


def pin_of(worker: Worker) -> str:
    letter = letter_of(worker)
    assert letter is not None
    content = letter.content()
    assert content is not None
    return content[1]


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**8:08}"


def test_a_letter_carries_the_address_and_a_pin_that_proves_it(rahima: Worker) -> None:
    letter = ask_for_letter(worker=rahima, now=NOW)
    content = letter.content()
    assert content is not None
    place, pin = content
    assert (place.full_name, place.city) == ("রহিমা খাতুন", "ঢাকা")
    staff = make.staff().actor
    run = print_letters(by=staff, now=NOW)
    post_letters(by=staff, run_id=run.public_id, now=NOW)
    assert not is_proved(rahima, place_of(rahima))
    enter_pin(worker=rahima, pin=pin, now=LATER)
    assert is_proved(rahima, place_of(rahima))
    told = [event.name for event in history(rahima.public_id)]
    assert told == ["LetterAsked", "LetterPosted", "AddressProved"]


def test_bengali_digits_spaces_and_dashes_are_read(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    pin = pin_of(rahima)
    print_letters(by=make.staff().actor, now=NOW)
    bengali = pin.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    enter_pin(worker=rahima, pin=f" {bengali[:4]}-{bengali[4:]} ", now=NOW)
    assert is_proved(rahima, place_of(rahima))
    enter_pin(worker=rahima, pin=pin, now=LATER)  # again: no fault


def test_neither_pin_nor_address_can_be_read_in_the_tables(rahima: Worker) -> None:
    letter = ask_for_letter(worker=rahima, now=NOW)
    pin = pin_of(rahima)
    row = repr(AddressLetter.objects.filter(pk=letter.pk).values())
    assert pin not in row
    assert "ধানমন্ডি" not in row
    assert pin not in repr([event.facts for event in history(rahima.public_id)])


def test_after_posting_nobody_can_print_the_pin_again(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    staff = make.staff().actor
    run = print_letters(by=staff, now=NOW)
    post_letters(by=staff, run_id=run.public_id, now=NOW)
    post_letters(by=staff, run_id=run.public_id, now=LATER)  # twice is once
    letter = letter_of(rahima)
    assert letter is not None
    assert letter.content() is None
    assert letter.posted_at == NOW


def test_five_wrong_tries_end_a_letter_and_each_is_counted(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    pin = pin_of(rahima)
    print_letters(by=make.staff().actor, now=NOW)
    for left in range(TRIES - 1, -1, -1):
        with pytest.raises(WrongPin) as refused:
            enter_pin(worker=rahima, pin=wrong(pin), now=NOW)
        assert refused.value.facts == {"left": left}
    with pytest.raises(NoTriesLeft):
        enter_pin(worker=rahima, pin=pin, now=NOW)
    assert not is_proved(rahima, place_of(rahima))


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "12345a78", "x" * 1000, "１２³４５６７８"])
def test_what_is_no_pin_costs_no_try(rahima: Worker, typed: str) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    print_letters(by=make.staff().actor, now=NOW)
    with pytest.raises(BadPin):
        enter_pin(worker=rahima, pin=typed, now=NOW)
    letter = letter_of(rahima)
    assert letter is not None
    assert letter.tries_left == TRIES


def test_a_pin_ends_sixty_days_after_posting(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    pin, staff = pin_of(rahima), make.staff().actor
    run = print_letters(by=staff, now=NOW)
    post_letters(by=staff, run_id=run.public_id, now=NOW)
    with pytest.raises(PinTooOld):
        enter_pin(worker=rahima, pin=pin, now=NOW + GOOD_FOR)


def test_a_second_letter_waits_for_the_first_and_makes_it_void(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    first, staff = pin_of(rahima), make.staff().actor
    with pytest.raises(LetterUnderWay):
        ask_for_letter(worker=rahima, now=NOW)
    run = print_letters(by=staff, now=NOW)
    post_letters(by=staff, run_id=run.public_id, now=NOW)
    with pytest.raises(LetterTooSoon) as refused:
        ask_for_letter(worker=rahima, now=LATER)
    assert refused.value.facts == {"at": NOW + ANNOUNCED}
    ask_for_letter(worker=rahima, now=NOW + ANNOUNCED)
    print_letters(by=staff, now=NOW + ANNOUNCED)
    if first != pin_of(rahima):
        with pytest.raises(WrongPin):
            enter_pin(worker=rahima, pin=first, now=NOW + ANNOUNCED)
    enter_pin(worker=rahima, pin=pin_of(rahima), now=NOW + ANNOUNCED)


def test_a_letter_that_came_back_or_went_to_an_old_address_is_not_waited_for(rahima: Worker) -> None:
    staff = make.staff().actor
    letter = ask_for_letter(worker=rahima, now=NOW)
    post_letters(by=staff, run_id=print_letters(by=staff, now=NOW).public_id, now=NOW)
    with pytest.raises(LetterReasonMissing):
        return_letter(by=staff, letter_id=letter.public_id, reason=" ", now=NOW)
    return_letter(by=staff, letter_id=letter.public_id, reason="Nobody of this name", now=NOW)
    second = ask_for_letter(worker=rahima, now=NOW)
    post_letters(by=staff, run_id=print_letters(by=staff, now=NOW).public_id, now=NOW)
    moved = Contact("রহিমা খাতুন", "গ্রাম শিমুলিয়া", "3100", "সিলেট", "BD")
    save_contact(user=rahima.user, contact=moved, now=LATER)
    ask_for_letter(worker=rahima, now=LATER)
    second.refresh_from_db()
    assert second.state == LetterState.REPLACED
    with pytest.raises(LetterNotMovable):
        return_letter(by=staff, letter_id=second.public_id, reason="Late", now=LATER)


def test_three_letters_a_year_and_no_more(rahima: Worker) -> None:
    staff, at = make.staff().actor, NOW
    for _ in range(MOST_LETTERS):
        ask_for_letter(worker=rahima, now=at)
        post_letters(by=staff, run_id=print_letters(by=staff, now=at).public_id, now=at)
        at += ANNOUNCED
    with pytest.raises(LetterTooSoon) as refused:
        ask_for_letter(worker=rahima, now=at)
    assert refused.value.facts == {"at": NOW + LETTERS_COUNTED}


def test_a_cancelled_letter_is_not_counted_and_its_pin_is_void(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    pin = pin_of(rahima)
    cancel_letter(worker=rahima, now=NOW)
    with pytest.raises(NoLetter):
        enter_pin(worker=rahima, pin=pin, now=NOW)
    with pytest.raises(NoLetter):
        cancel_letter(worker=rahima, now=NOW)
    ask_for_letter(worker=rahima, now=NOW)


def test_who_leaves_gets_no_letter_and_frees_the_address_unless_they_were_barred(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    vouch_for(by=make.staff().actor, worker=rahima, reason="Passport", now=NOW)
    rahima.state = "suspended"
    forget_letters(rahima)
    assert (AddressLetter.objects.count(), is_proved(rahima, None)) == (0, True)
    rahima.state = "active"
    forget_letters(rahima)
    assert not is_proved(rahima, None)


def test_a_proved_address_is_proved_until_it_changes(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    print_letters(by=make.staff().actor, now=NOW)
    enter_pin(worker=rahima, pin=pin_of(rahima), now=NOW)
    with pytest.raises(AddressProvedBefore):
        ask_for_letter(worker=rahima, now=NOW)
    same = Contact("রহিমা  খাতুন ", HOME.address, "1205", "ঢাকা", "BD")
    save_contact(user=rahima.user, contact=same, now=NOW)
    assert is_proved(rahima, place_of(rahima))
    save_contact(user=rahima.user, contact=Contact("রহিমা খাতুন", "সড়ক ৯", "1205", "ঢাকা", "BD"), now=NOW)
    assert not is_proved(rahima, place_of(rahima))


def test_the_same_name_at_the_same_address_proves_one_account(rahima: Worker) -> None:
    twin = make.worker(proved=False)
    save_contact(user=twin.user, contact=HOME, now=NOW)
    ask_for_letter(worker=rahima, now=NOW)
    ask_for_letter(worker=twin, now=NOW)
    print_letters(by=make.staff().actor, now=NOW)
    enter_pin(worker=rahima, pin=pin_of(rahima), now=NOW)
    with pytest.raises(AddressTaken):
        enter_pin(worker=twin, pin=pin_of(twin), now=NOW)
    cancel_letter(worker=twin, now=NOW)
    with pytest.raises(AddressTaken):
        ask_for_letter(worker=twin, now=NOW)
    sister = Contact("সালমা খাতুন", HOME.address, HOME.postal_code, HOME.city, HOME.country)
    save_contact(user=twin.user, contact=sister, now=NOW)
    ask_for_letter(worker=twin, now=NOW)


def test_without_an_address_there_is_no_letter() -> None:
    with pytest.raises(AddressMissing):
        ask_for_letter(worker=make.worker(proved=False), now=NOW)


def test_staff_vouch_with_a_reason(rahima: Worker) -> None:
    staff = make.staff().actor
    with pytest.raises(LetterReasonMissing):
        vouch_for(by=staff, worker=rahima, reason="", now=NOW)
    vouch_for(by=staff, worker=rahima, reason="Showed a passport", now=NOW)
    assert is_proved(rahima, place_of(rahima))
    assert [one.facts["reason"] for one in history(rahima.public_id)] == ["Showed a passport"]


def test_unknown_runs_letters_and_an_empty_queue_are_refused() -> None:
    staff = make.staff().actor
    with pytest.raises(NothingToPrint):
        print_letters(by=staff, now=NOW)
    with pytest.raises(NotFound):
        post_letters(by=staff, run_id="X", now=NOW)
    with pytest.raises(NotFound):
        return_letter(by=staff, letter_id="X", reason="?", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_eight_wrong_tries_at_once_are_five_at_most(rahima: Worker) -> None:
    ask_for_letter(worker=rahima, now=NOW)
    pin = pin_of(rahima)
    print_letters(by=make.staff().actor, now=NOW)

    acts = [lambda: enter_pin(worker=rahima, pin=wrong(pin), now=NOW)] * 8
    assert outcomes(together(*acts)) == {"WrongPin": 5, "NoTriesLeft": 3}


@given(days=st.lists(st.integers(0, 400), max_size=6), came_back=st.booleans())
def test_the_wait_is_the_posts_time_and_the_years_limit(days: list[int], came_back: bool) -> None:
    asked = sorted((NOW - timedelta(days=one) for one in days), reverse=True)
    at = next_letter_at(asked, came_back=came_back)
    if not asked:
        assert at is None
    elif len(asked) < MOST_LETTERS:
        assert at == (None if came_back else asked[0] + ANNOUNCED)
    else:
        assert at is not None
        assert at >= asked[MOST_LETTERS - 1] + LETTERS_COUNTED

"""Who gets a seat, and when."""

from __future__ import annotations

from tukro.web.transport.seats import PATIENCE, Connection, Seats


class Clock:
    """Goes on when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(seats: Seats[str], request: str) -> Connection:
    seat = seats.take(request)
    assert seat is not None
    return seat


def another(seats: Seats[str]) -> tuple[Connection, str]:
    found = seats.take_another()
    assert found is not None
    return found


def test_requests_that_wait_are_taken_in_the_order_in_which_they_came() -> None:
    seats = Seats[str](1)
    seat = taken(seats, "a")
    assert [seats.take(name) for name in "bc"] == [None, None]
    assert seats.go_on(seat) == "b"
    assert seats.take("d") is None  # nobody overtakes
    assert [seats.go_on(seat) for _ in range(3)] == ["c", "d", None]
    assert not seats.somebody_waits()
    assert seats.take("e") is seat


def test_another_seat_is_taken_when_somebody_has_waited_for_long() -> None:
    clock = Clock()
    seats = Seats[str](2, clock=clock)
    slow = taken(seats, "slow")
    assert [seats.take(name) for name in "abc"] == [None, None, None]
    assert seats.take_another() is None
    clock.now += PATIENCE
    second, request = another(seats)
    assert (request, seats.take_another()) == ("a", None)  # there is no third
    assert seats.take("d") is None
    assert [seats.go_on(second) for _ in range(3)] == ["b", "c", None]  # "d" has just come
    assert seats.go_on(slow) == "d"


def test_one_seat_is_worked_on_while_requests_are_short() -> None:
    clock = Clock()
    seats = Seats[str](3, clock=clock)
    seat = taken(seats, "0")
    for no in range(1, 50):
        assert seats.take(str(no)) is None
        clock.now += PATIENCE / 2
        assert seats.take_another() is None
        assert seats.go_on(seat) == str(no)
    assert seats.go_on(seat) is None


def test_the_seat_that_was_given_back_last_is_taken_first_if_it_is_connected() -> None:
    clock = Clock()
    seats = Seats[str](3, clock=clock)
    one = taken(seats, "a")
    assert [seats.take(name) for name in "bc"] == [None, None]
    clock.now += PATIENCE
    two, three = another(seats)[0], another(seats)[0]
    one.connection = two.connection = object()  # anything but None
    for seat in (one, two, three):
        assert seats.go_on(seat) is None
    assert seats.take("d") is two
    assert seats.take("e") is None
    clock.now += PATIENCE
    assert another(seats) == (one, "e")

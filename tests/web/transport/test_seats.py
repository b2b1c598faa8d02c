"""Who gets a seat, and when."""

from __future__ import annotations

from tukro.web.transport.seats import Seats


def test_requests_that_wait_are_taken_in_the_order_in_which_they_came() -> None:
    seats = Seats[str](2)
    first, second = seats.take("a"), seats.take("b")
    assert first is not None
    assert second is not None
    assert [seats.take(name) for name in "cde"] == [None, None, None]
    assert [seats.go_on(first), seats.go_on(second)] == ["c", "d"]
    assert seats.take("f") is None  # nobody overtakes
    assert [seats.go_on(first), seats.go_on(second), seats.go_on(first)] == ["e", "f", None]
    assert seats.take("g") is first


def test_the_seat_that_was_given_back_last_is_taken_first_if_it_is_connected() -> None:
    seats = Seats[str](3)
    taken = [seats.take(name) for name in "abc"]
    one, two, three = (seat for seat in taken if seat is not None)
    one.connection = two.connection = object()  # anything but None
    for seat in (one, two, three):
        assert seats.go_on(seat) is None
    assert [seats.take(name) for name in "def"] == [two, one, three]

"""A storm over the money: every verb at random, many at once, crashes between any two statements.

``world`` is a small market and what must be true of it; ``setting_aside``, ``paying_in``, ``paying_out`` and
``house`` say what can be done in it; ``provider`` pays workers and loses answers; ``hands`` do it, each on a
connection of its own; ``agreeing`` holds the books against the world; ``machine`` plays it with Hypothesis.
``tests/money/test_storm.py`` runs a short one, ``bench/storm.py`` a night's.

Faults that were planted to see whether it finds them, each within seconds: a bonus or a giving back under a
new key each time; a payout rounded up, a deposit rounded down; a provider's lost answer taken for a no (paid
three times); a payment that is kept for staff and settles its deposit too; stray money that is decided about
twice; a returned payout whose fee the house keeps. A sender without its lock is found by
``tests/money/paying_out/test_payout_crashes.py``: here two senders seldom meet.
"""

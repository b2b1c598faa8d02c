"""What the house says when a rule about its own money, debts and taxes said no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.money.actions.balances.unclaimed import NothingUnclaimed
from tukro.money.actions.books.booking_moves import (
    BadBooking,
    BookedBefore,
    BookingNeedsReason,
    BookingNeedsReference,
    NotSoMuchThere,
    OwedToOthers,
)
from tukro.money.actions.books.bookings import NothingWonOrLost
from tukro.money.actions.books.fetched_rates import RateDecided
from tukro.money.actions.deposits.write_offs import MoreThanOwed, WriteOffNeedsReason
from tukro.money.actions.law.taxes import MoreThanWithheld
from tukro.web.refusals.words import Words

HOUSE: dict[type[Refused], Words] = {
    BadBooking: Words(
        _("This cannot be booked: check the amounts, and that the two places differ."),
        by="fields",
        cases={
            "amount": _("Write an amount; nothing cannot be booked."),
            "cost": _("What the bank or provider kept is less than the amount."),
            "got": _("What was bought is more than nothing, and in another currency."),
            "place": _("Choose the place where the money lies."),
            "to_place": _("Choose another place where the money arrives."),
        },
    ),
    BookingNeedsReference: Words(_("Write down the bank's or provider's own number for it.")),
    BookingNeedsReason: Words(_("Say why: it is kept with the booking.")),
    BookedBefore: Words(_("This reference was booked here before, on %(booked_at)s."), status=409),
    NotSoMuchThere: Words(_("Our books say that only %(there)s lies there; %(amount)s was asked for.")),
    OwedToOthers: Words(
        _(
            "%(amount)s is more than is free. At banks and providers lies %(there)s, of which %(owed)s "
            "belongs to people; at most %(free)s can be taken out."
        )
    ),
    MoreThanWithheld: Words(_("Only %(withheld)s was kept for this authority; %(amount)s was asked for.")),
    WriteOffNeedsReason: Words(_("Say why: it is kept with the debt.")),
    MoreThanOwed: Words(
        _("Owed is %(debt)s; at most so much can be given up."),
        by="debt",
        cases={"0.00": _("Nothing is owed any more. Reload the page.")},
    ),
    NothingUnclaimed: Words(_("Nothing is set apart for you any more; look at your balance."), status=409),
    RateDecided: Words(
        _("Somebody decided about this rate, or a newer one came. Reload the page."), status=409
    ),
    NothingWonOrLost: Words(_("At the rates of today exchanging won and lost nothing.")),
}

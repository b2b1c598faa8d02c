"""What the house says when withdrawals are held, or a form, a check or a list stands against them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.money.actions.holds import HoldHasItsOwnPage, PersonIsHeld
from tukro.web.refusals.words import Words

VETTING: dict[type[Refused], Words] = {
    PersonIsHeld: Words(
        _("All withdrawals of this person are held. Release that hold on the page of holds."), 409
    ),
    HoldHasItsOwnPage: Words(_("This hold ends with its cause: decide on the page of hits."), 409),
}

"""What the house says when withdrawals are held, or a form, a check or a list stands against them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.money.actions.holds import HoldHasItsOwnPage, PersonIsHeld
from tukro.money.actions.law.screening_requesters import PaymentsHeld
from tukro.vetting.actions.identity import AlreadyIdentified, BadIdentityPolicy, CheckOver, PhotosMissing
from tukro.vetting.actions.sanctions import BadLikeness, SourceMissing
from tukro.vetting.actions.tax import BadTaxForm, BadTaxRule, LookNeedsReason
from tukro.web.refusals.words import Words

VETTING: dict[type[Refused], Words] = {
    PaymentsHeld: Words(
        _("Payments of this account wait: the name has to be compared with a list that the law names."), 409
    ),
    PersonIsHeld: Words(
        _("All withdrawals of this person are held. Release that hold on the page of holds."), 409
    ),
    AlreadyIdentified: Words(_("We know who you are. Nothing more is needed."), 409),
    PhotosMissing: Words(_("Send one to three photos.")),
    CheckOver: Words(_("This check was decided, or is being looked at."), 409),
    BadIdentityPolicy: Words(_("This rule cannot be kept: check the amount and the days.")),
    SourceMissing: Words(_("Say what the list is called.")),
    BadLikeness: Words(_("A percentage from 50 to 100.")),
    BadTaxForm: Words(_("Something in the form cannot be right. Check it and sign once more.")),
    LookNeedsReason: Words(_("Say why you need to see it: the reason is kept in the journal.")),
    BadTaxRule: Words(_("This rule cannot be kept: check country, amount and currency.")),
    HoldHasItsOwnPage: Words(_("This hold ends with its cause: decide on the page of hits."), 409),
}

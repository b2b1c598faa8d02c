"""What the house says when a rule of qualifications, groups and blocks said no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.qualifications.actions.blocking import BlockNeedsReason, TooManyBlocks
from tukro.qualifications.actions.granting import AlreadyRevoked, BadValue, NeverHeld, TypeInactive
from tukro.qualifications.actions.groups import BadGroup, InvitationClosed, NotAMember
from tukro.qualifications.actions.pool import AlreadyConfirmed, BadFormerId
from tukro.qualifications.actions.requesting import (
    AlreadyAsked,
    FaultyTest,
    NoSecondTry,
    NotRequestable,
    OverdueTest,
    OverlongTest,
    RequestClosed,
    TooEarly,
)
from tukro.qualifications.actions.requirements import (
    BadRequirements,
    InactiveRequiredType,
    UnknownRequiredType,
)
from tukro.qualifications.actions.standing import BadStandingPolicy
from tukro.qualifications.actions.types import BadType, NotYours, TypeNameTaken
from tukro.web.refusals.words import Words

QUALIFICATIONS: dict[type[Refused], Words] = {
    BadStandingPolicy: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    BadRequirements: Words(_("These requirements cannot be asked of workers.")),
    UnknownRequiredType: Words(_("The qualification that is asked for does not exist any more.")),
    InactiveRequiredType: Words(_("The qualification that is asked for is switched off.")),
    BadFormerId: Words(_("A worker ID of Mechanical Turk is the letter A and more letters and digits.")),
    AlreadyConfirmed: Words(_("You have said already that this was %(worker_id)s."), 409),
    BlockNeedsReason: Words(_("Say why you block this worker.")),
    TooManyBlocks: Words(_("You can block %(limit)s workers at most. Lift a block that you no longer need.")),
    TypeNameTaken: Words(_("You already have a qualification of this name. Choose another one."), 409),
    BadType: Words(
        _("One of the values is outside its limits. Check the form and try once more."),
        by="code",
        cases={
            "no_way_back": _("A test can be replaced, but not taken away."),
            "key_without_test": _("An answer key needs a test."),
            "test_without_time": _("Say how long the test may take."),
            "time_without_test": _("A time for the test needs a test."),
            "test_and_gift": _("A qualification has a test or is given at once, not both."),
            "value_without_gift": _("A value given at once needs a qualification that is given at once."),
        },
    ),
    BadGroup: Words(
        _("One of the values is outside its limits. Check the form and try once more."),
        by="field",
        cases={"workers": _("Give between one and %(limit)s worker IDs.")},
    ),
    InvitationClosed: Words(
        _("This invitation does not wait for an answer any more."),
        409,
        by="state",
        cases={"withdrawn": _("The requester has taken this invitation back.")},
    ),
    NotAMember: Words(_("This worker is not in the group."), 409),
    NotYours: Words(_("This does not exist, or it is not yours."), 404),
    TypeInactive: Words(_("This qualification is switched off.")),
    BadValue: Words(_("The value is too large or too small.")),
    NeverHeld: Words(_("The worker never had this qualification."), 409),
    AlreadyRevoked: Words(_("This qualification was taken back before."), 409),
    NotRequestable: Words(
        _("Nobody can ask for this qualification."),
        by="code",
        cases={
            "inactive": _("This qualification cannot be asked for at the moment."),
            "blocked": _("This requester does not offer work to you. Look for work of others."),
            "worker": _("Your worker account may not ask for qualifications now."),
        },
    ),
    AlreadyAsked: Words(_("You asked for it already. The requester has not decided yet."), 409),
    NoSecondTry: Words(_("This qualification can be asked for only once."), 409),
    TooEarly: Words(_("You can ask again from %(at)s."), 409),
    RequestClosed: Words(_("This has moved on since you looked, so it is not possible any more."), 409),
    FaultyTest: Words(_("Something is missing or not right in the form. Nothing was handed in yet.")),
    OverlongTest: Words(_("The answer is too long to hand in."), 413),
    OverdueTest: Words(_("The time for the test ended: %(deadline_at)s."), 409),
}

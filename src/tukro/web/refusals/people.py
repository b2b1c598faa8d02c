"""What the house says when a rule of accounts, letters, keys, records and what is told to whom said no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.notices.actions.contacting import BadMessage
from tukro.notices.actions.delivering import AlreadyDelivered
from tukro.notices.actions.devices import BadDevice
from tukro.notices.actions.outbox import MailSent
from tukro.notices.actions.relaying import BadRelayPolicy
from tukro.notices.actions.settings import BadDestination, BadSpecification, NothingSpecified, NothingToSet
from tukro.notices.actions.talking import (
    EmptyMessage,
    LongMessage,
    MayNotWrite,
    NoStrangers,
    NotWanted,
    TooManyMessages,
)
from tukro.notices.channels.machines import TestNotDelivered, TestUnderWay
from tukro.people.actions.accounts import EmailTaken
from tukro.people.actions.contact import NoSuchSubdivision
from tukro.people.actions.country import SameCountry
from tukro.people.actions.joining import (
    AlreadyARequester,
    AlreadyAWorker,
    NameNeeded,
    ReasonNeeded,
    WrongWorkerState,
)
from tukro.people.actions.keys import TooManyKeys
from tukro.people.actions.letter_service import NothingToHandOver
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
)
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
)
from tukro.people.actions.tokens import BadTokenName, TooManyTokens
from tukro.people.aliases import UnknownWorker
from tukro.privacy.actions.closing import StaffStay, ThingsOpen
from tukro.privacy.actions.exporting import ExportTooSoon
from tukro.records.actions.giving import NameUnknown, NothingToTell, TooManyRecords
from tukro.web.refusals.words import Words

PEOPLE: dict[type[Refused], Words] = {
    UnknownWorker: Words(
        _("You know no worker by the ID %(worker)s. Copy it from one of their answers."), 404
    ),
    AddressMissing: Words(_("Tell us your name and address first: that is where the letter goes.")),
    AddressProvedBefore: Words(_("Your address is verified already. You need no letter."), 409),
    AddressTaken: Words(
        _(
            "Another account has proved this name and address. Use that account; if it is not yours, "
            "ask our staff to prove your address another way."
        ),
        409,
    ),
    LetterTooSoon: Words(_("The letter may still arrive. You can ask for another one from %(at)s on."), 409),
    LetterUnderWay: Words(_("Your letter is about to be posted. You need not ask again."), 409),
    NoLetter: Words(_("No letter is on its way to you. Ask for one first."), 409),
    BadPin: Words(_("The PIN has %(digits)s digits. Nothing was tried.")),
    WrongPin: Words(
        _("This is not the PIN of your letter. Tries that remain: %(left)s"),
    ),
    PinTooOld: Words(_("The PIN was good until %(at)s. Ask for another letter."), 409),
    NoTriesLeft: Words(
        _("The PIN was typed wrongly too often and works no more. Ask for another letter."), 409
    ),
    LetterNotMovable: Words(_("This letter has moved on since you looked. Reload the page."), 409),
    LetterReasonMissing: Words(_("Say why: a reason is needed.")),
    BadNumber: Words(
        _("This is no mobile number. Write it as you dial it, or with + and the country’s code.")
    ),
    CountryNotServed: Words(_("We send no text messages to this country. Use a number of another country.")),
    PhoneProvedBefore: Words(_("This number is verified already. You need no code."), 409),
    CodeTooSoon: Words(_("The message may still arrive. You can ask for another one from %(at)s on."), 429),
    TextsSpent: Words(_("We have sent as many messages as we can today. Please try again tomorrow."), 429),
    NoCode: Words(_("No message is on its way to you. Ask for one first."), 409),
    BadCode: Words(_("The code has %(digits)s digits. Nothing was tried.")),
    WrongCode: Words(
        _("This is not the code of your message. Tries that remain: %(left)s"),
        by="left",
        cases={"0": _("This code was typed wrongly too often and works no more. Ask for another one.")},
    ),
    CodeTooOld: Words(_("This code is too old. Ask for another one."), 409),
    NumberTaken: Words(
        _("This number cannot be used for this account. If it is yours alone, write to our staff."), 409
    ),
    PhoneReasonMissing: Words(_("Say why: a reason is needed.")),
    NothingToHandOver: Words(
        _(
            "No letter waits whose address the letter service can print: it takes Latin letters only. "
            "Print the others here."
        ),
        409,
    ),
    NothingToPrint: Words(_("No letter waits to be printed."), 409),
    EmptyMessage: Words(_("Write something first.")),
    LongMessage: Words(_("The text is too long: at most %(limit)s characters.")),
    TooManyMessages: Words(_("You can send %(limit)s messages a day. Go on tomorrow."), 429),
    NotWanted: Words(
        _("This person gets no messages from you."),
        by="by",
        cases={"me": _("You have blocked this sender. Lift the block to write to them.")},
    ),
    NoStrangers: Words(_("You can write to workers who have worked for you, or who wrote to you first.")),
    MayNotWrite: Words(_("Your worker account may not write to requesters now.")),
    BadRelayPolicy: Words(_("One of the values is outside its limits. Check the form and try once more.")),
    BadMessage: Words(_("The message lacks something, or is too long.")),
    NoSuchSubdivision: Words(_("Choose a state of the United States.")),
    ThingsOpen: Words(_("Something is still open. Look at the list, and end it first."), 409),
    StaffStay: Words(_("Accounts of staff are closed by the operator."), 409),
    ExportTooSoon: Words(_("There is a file of today. The next one from %(again_at)s on."), 429),
    NothingToTell: Words(_("No work of yours was approved or rejected yet, so a record would say nothing.")),
    NameUnknown: Words(_("Save your contact details first: the record takes your name from there.")),
    TooManyRecords: Words(
        _("You may have %(limit)s records signed in a day. Please wait until tomorrow."), 429
    ),
    BadDevice: Words(_("Notices cannot be sent to this browser.")),
    AlreadyDelivered: Words(_("This notification has arrived. It is not sent again."), 409),
    MailSent: Words(_("This mail has gone out. It stays as it is."), 409),
    BadDestination: Words(_("Notifications cannot be sent to this destination.")),
    BadSpecification: Words(_("One of the values is not one that notifications can have.")),
    NothingSpecified: Words(_("Say first where notifications of this task type go."), 409),
    NothingToSet: Words(_("Nothing was chosen, so nothing has changed.")),
    TestNotDelivered: Words(_("The test did not arrive: %(reason)s."), 409),
    TestUnderWay: Words(_("Another test is under way. Wait until it has ended."), 429),
    SameCountry: Words(_("It is this country already. Choose another one."), 409),
    AlreadyAWorker: Words(_("You already have a worker account."), 409),
    AlreadyARequester: Words(_("You already post tasks as %(name)s."), 409),
    NameNeeded: Words(_("Please give a name that workers will see.")),
    ReasonNeeded: Words(_("Please write the reason: the person has a right to know it.")),
    WrongWorkerState: Words(_("This worker account has changed meanwhile. Look again."), 409),
    TooManyTokens: Words(_("You can have %(limit)s tokens at once. Revoke one that you no longer use.")),
    BadTokenName: Words(_("Give the token a name of at most %(limit)s characters.")),
    TooManyKeys: Words(_("You can have %(limit)s access keys at once. Revoke one that you no longer use.")),
    EmailTaken: Words(_("Someone has already registered with this e-mail address."), 409),
}

"""What kinds of notices are called, and the ways by which they come."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.notices.rules.kinds import Way

WAYS: dict[Way, Promise] = {
    Way.SITE: _("On the site"),
    Way.MAIL: _("By e-mail"),
    Way.PUSH: _("On your devices"),
}
KIND_WORDS: dict[str, tuple[Promise, Promise]] = {
    "account": (_("Your account"), _("Reviews, security, files that you asked for. Always told.")),
    "payout": (_("Withdrawals"), _("Sent to you, held, or come back.")),
    "bonus": (_("Bonuses"), _("Extra pay for good work.")),
    "rejection": (_("Rejected work"), _("Which, and why.")),
    "revision": (_("Repairs"), _("Work that is sent back for repair, and repairs that do not come.")),
    "message": (_("Messages"), _("What the other side writes to you about work.")),
    "appeal": (_("Appeals"), _("What happens to a rejection that is disputed.")),
    "invitation": (_("Invitations"), _("A requester invites you into a hire group.")),
    "qualification": (_("Qualifications"), _("Given, declined or taken back.")),
    "level": (_("Levels"), _("Your record opens better-paid work.")),
    "alert": (_("Saved searches"), _("New work that you look for.")),
    "posting": (_("Your projects"), _("Reviewed by our staff, or published.")),
    "silence": (_("Approved by itself"), _("Work that nobody reviewed in time. Once a day for each batch.")),
}

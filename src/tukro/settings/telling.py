"""How people and their programs are told: mails, printed letters, text messages, notifications."""

from __future__ import annotations

from tukro.settings.environment import address, env, number, one_of, service
from tukro.settings.site import SITE_HOST

EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM", f"Tukro <no-reply@{SITE_HOST}>")
# smtp://user:password@host:587 (STARTTLS) or smtps://...; empty keeps all mails in the outbox.
SMTP_URL = env("SMTP_URL")
LETTER_SENDER = env("LETTER_SENDER")  # the small line above the address of printed letters

# Lob prints and posts letters (docs/operate/letters.md).
LOB_KEY = env("LOB_KEY")
LOB_FROM = env("LOB_FROM")  # adr_…, the house's own address at Lob
LOB_HOOK_SECRET = env("LOB_HOOK_SECRET")
LOB_URL = service("LOB_URL", "https://api.lob.com")

# Text messages with codes that prove phones: by Twilio, or by a gateway that is described here
# (docs/operate/phones.md). With neither they stay on a page for staff.
TWILIO_ACCOUNT = env("TWILIO_ACCOUNT")
TWILIO_TOKEN = env("TWILIO_TOKEN")
TWILIO_FROM = env("TWILIO_FROM")  # a number, a name, or a messaging service (MG...)
TWILIO_URL = service("TWILIO_URL", "https://api.twilio.com")
SMS_URL = service("SMS_URL", "") if env("SMS_URL") else ""
SMS_METHOD = one_of("SMS_METHOD", "POST", "GET")
SMS_SENDS = one_of("SMS_SENDS", "form", "json", "query")
SMS_FIELDS = env("SMS_FIELDS", "to={number}&text={text}")
SMS_HEADERS = env("SMS_HEADERS")
SMS_SUCCESS = env("SMS_SUCCESS")  # what stands in an answer when the gateway took the message
SMS_A_DAY = number("SMS_A_DAY", 1000, smallest=0, largest=1_000_000)  # what the operator pays for at most
SMS_COUNTRIES = frozenset(filter(None, env("SMS_COUNTRIES").replace(" ", "").upper().split(",")))

# Notifications to machines: where SQS and SNS are ('' = Amazon's own; credentials as boto3 finds them), and
# whether web hooks may go to private addresses and plain http, as on a test machine or inside a company.
SQS_ENDPOINT = address("SQS_ENDPOINT", "") if env("SQS_ENDPOINT") else ""
SNS_ENDPOINT = address("SNS_ENDPOINT", "") if env("SNS_ENDPOINT") else ""
PRIVATE_HOOKS = one_of("PRIVATE_HOOKS", "0", "1") == "1"

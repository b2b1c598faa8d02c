"""Who takes payments, who pays workers, and where exchange rates come from."""

from __future__ import annotations

from tukro.settings.environment import document, env, one_of, service, ways
from tukro.settings.site import SITE_IS_HTTPS

# Payment providers: docs/operate/settings.md. One without its secrets is not offered.
STRIPE_SECRET = env("STRIPE_SECRET")
STRIPE_HOOK_SECRET = env("STRIPE_HOOK_SECRET")  # two, separated by a comma, while one replaces the other
STRIPE_URL = service("STRIPE_URL", "https://api.stripe.com")
PAYPAL_CLIENT = env("PAYPAL_CLIENT")
PAYPAL_SECRET = env("PAYPAL_SECRET")
PAYPAL_HOOK = env("PAYPAL_HOOK")  # the id that PayPal gave our web hook
PAYPAL_URL = service("PAYPAL_URL", "https://api-m.paypal.com")
PAYPAL_ROOTS = env("PAYPAL_ROOTS")  # a file of roots for the certificates that sign its web hooks
SSLCOMMERZ_STORE = env("SSLCOMMERZ_STORE")
SSLCOMMERZ_PASSWORD = env("SSLCOMMERZ_PASSWORD")
# Where transfers go, as payers read it: lines separated by "|".
BANK_DETAILS = env("BANK_DETAILS")
BANK_CURRENCY = one_of("BANK_CURRENCY", "USD", "BDT", "INR", "EUR")
PLAY_MONEY = one_of("PLAY_MONEY", *("01" if SITE_IS_HTTPS else "10")) == "1"  # in public, money is money
SSLCOMMERZ_URL = service("SSLCOMMERZ_URL", "https://securepay.sslcommerz.com")

# Where exchange rates are fetched, beside what staff enter (docs/operate/payouts.md).
RATES_ECB = one_of("RATES_ECB", "0", "1") == "1"
RATES_ECB_URL = document("RATES_ECB_URL", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml")
RATES_JSON_URL = document("RATES_JSON_URL")
RATES_JSON_NAME = env("RATES_JSON_NAME", "JSON")  # what workers read as the source
RATES_JSON = ways(
    "RATES_JSON", "BDT", "INR", "EUR", "date"
)  # where each rate stands: BDT=rates.BDT,date=updated

# Who pays workers (docs/operate/payouts.md). PayPal's app may take deposits only.
PAYPAL_PAYS = one_of("PAYPAL_PAYS", "1", "0") == "1"
PAYPAL_PAYOUT_HOOK = env("PAYPAL_PAYOUT_HOOK")  # a web hook of its own, for payouts
AGCOD_PARTNER = env("AGCOD_PARTNER")
AGCOD_KEY = env("AGCOD_KEY")
AGCOD_SECRET = env("AGCOD_SECRET")
AGCOD_REGION = one_of("AGCOD_REGION", "us-east-1", "eu-west-1", "us-west-2")
AGCOD_URL = service("AGCOD_URL", "https://agcod-v2.amazon.com")
TREMENDOUS_KEY = env("TREMENDOUS_KEY")
TREMENDOUS_FUNDING = env("TREMENDOUS_FUNDING")
TREMENDOUS_CAMPAIGN = env("TREMENDOUS_CAMPAIGN")
TREMENDOUS_HOOK_SECRET = env("TREMENDOUS_HOOK_SECRET")
TREMENDOUS_URL = service("TREMENDOUS_URL", "https://api.tremendous.com/api/v2")
SKRILL_EMAIL = env("SKRILL_EMAIL")
SKRILL_PASSWORD = env("SKRILL_PASSWORD")
SKRILL_URL = service("SKRILL_URL", "https://www.skrill.com")
WISE_TOKEN = env("WISE_TOKEN")
WISE_PROFILE = env("WISE_PROFILE")
WISE_HOOK_KEY = env("WISE_HOOK_KEY")  # Wise's public key, base64 of its DER
WISE_URL = service("WISE_URL", "https://api.transferwise.com")
PAYONEER_PROGRAM = env("PAYONEER_PROGRAM")
PAYONEER_CLIENT = env("PAYONEER_CLIENT")
PAYONEER_SECRET = env("PAYONEER_SECRET")
PAYONEER_URL = service("PAYONEER_URL", "https://api.payoneer.com")
PAYONEER_LOGIN_URL = service("PAYONEER_LOGIN_URL", "https://login.payoneer.com")
BKASH_APP_KEY = env("BKASH_APP_KEY")
BKASH_APP_SECRET = env("BKASH_APP_SECRET")
BKASH_USER = env("BKASH_USER")
BKASH_PASSWORD = env("BKASH_PASSWORD")
BKASH_URL = service("BKASH_URL", "https://checkout.pay.bka.sh/v1.2.0-beta")
# The account that pays withdrawals by bank, as it stands in files for the bank.
BANK_ACCOUNT = env("BANK_ACCOUNT")
# Cheques: the bank that pays them, lines separated by "|"; on blank paper or on the bank's own forms.
CHEQUE_BANK = env("CHEQUE_BANK")
CHEQUE_PAPER = one_of("CHEQUE_PAPER", "blank", "form")

"""Who checks identities: each provider is one file; staff are the manual one, which always works."""

from tukro.money.providers.identity.contract import IdentityProvider
from tukro.money.providers.identity.stripe import StripeIdentity

PROVIDERS: dict[str, IdentityProvider] = {"stripe": StripeIdentity()}

"""Accounts: how people sign in and prove themselves, how often they may try, and what their browsers keep."""

from __future__ import annotations

from tukro.settings.site import SITE_IS_HTTPS

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tukro.web.account.signing_in.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account:start"
LOGOUT_REDIRECT_URL = "public:landing"
ACCOUNT_ADAPTER = "tukro.web.account.signing_in.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = True  # the link itself opens the second step (S1-36)
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that registered
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "login": "tukro.web.account.forms.LoginForm",
    "signup": "tukro.web.account.forms.SignupForm",
    "add_email": "tukro.web.account.forms.ChangeEmailForm",
    "change_password": "tukro.web.account.forms.ChangePasswordForm",
    "reset_password": "tukro.web.account.forms.ResetPasswordForm",
    "reset_password_from_key": "tukro.web.account.forms.ResetPasswordKeyForm",
    "reauthenticate": "tukro.web.account.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "tukro.web.account.signing_in.adapter.TwoStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_IS_HTTPS  # browsers themselves allow it on localhost only
MFA_TOTP_TOLERANCE = 1  # clocks of phones are wrong by seconds
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_FORMS = {
    "authenticate": "tukro.web.account.signing_in.two_step_forms.AuthenticateForm",
    "reauthenticate": "tukro.web.account.signing_in.two_step_forms.ReauthenticateForm",
    "activate_totp": "tukro.web.account.signing_in.two_step_forms.ActivateTOTPForm",
    "add_webauthn": "tukro.web.account.signing_in.two_step_forms.AddWebAuthnForm",
    "edit_webauthn": "tukro.web.account.signing_in.two_step_forms.EditWebAuthnForm",
}
# Whole neighbourhoods share one address behind a phone company: limits per address are wide, those per
# person tight.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "verify_again": "20/m/ip",
}

SESSION_ENGINE = "tukro.web.entry.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
LANGUAGE_COOKIE_NAME = "tukro_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SITE_IS_HTTPS

"""Settings. Every choice a clinic makes is an environment variable that begins with VERNAL_.

VERNAL_VAR           folder for database, mail and keys (default: ./var)
VERNAL_DATABASE_URL  postgresql://… for many clinics; SQLite in VERNAL_VAR otherwise
VERNAL_DEMO          1 for the demo clinic: marked on every page, mail to files, TOTP not enforced
VERNAL_HOSTS         comma-separated host names the server answers to
VERNAL_SECRET_KEY    signing key; made and kept in VERNAL_VAR when absent
VERNAL_BASE_URL      the address people type, like https://vernal.clinic.example; letters link to it
VERNAL_EMAIL_HOST    SMTP server (with _PORT, _USER, _PASSWORD, _FROM); else mail goes to files
VERNAL_HTTPS         0 where no https is spoken, as in the demo (default: 1)
"""

import os
import secrets
import sqlite3
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).parent.parent
VAR = Path(os.environ.get("VERNAL_VAR", "var")).absolute()
DEMO = os.environ.get("VERNAL_DEMO", "0") == "1"
HTTPS = os.environ.get("VERNAL_HTTPS", "0" if DEMO else "1") == "1"
DEBUG = False


def _secret_key() -> str:
    """The given key, or one made once and readable by its owner alone."""
    if given := os.environ.get("VERNAL_SECRET_KEY"):
        return given
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("VERNAL_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "vernal.web",  # before allauth: its templates take the place of allauth's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "vernal.accounts",
    "vernal.audit",
    "vernal.records",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vernal.web.middleware.second_factor_for_staff",
    "vernal.web.middleware.pages_are_private",
    "vernal.web.errors.ErrorPages",
]

ROOT_URLCONF = "vernal.config.urls"
WSGI_APPLICATION = "vernal.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "vernal.web.context.page",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database() -> dict:
    if url := os.environ.get("VERNAL_DATABASE_URL"):
        try:
            return dj_database_url.parse(url, conn_max_age=60)
        except (dj_database_url.ParseError, ValueError) as error:
            raise ImproperlyConfigured(
                "VERNAL_DATABASE_URL is not a database address; "
                "it should look like postgresql://user@host/name."
            ) from error
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "vernal.sqlite3",
        # WAL lets readers read while one writes; FULL makes a commit survive a power cut;
        # IMMEDIATE takes the write lock at BEGIN, so that two acts queue instead of failing.
        # Without recursive triggers INSERT OR REPLACE would delete a row past its guard.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA recursive_triggers=ON;",
        },
    }


DATABASES = {"default": _database()}
# Shared by every web process: limits on log-in attempts and the codes of authenticator apps that
# were used already. In each process's own memory, a code could be used again in the next process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "vernal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so that nobody pushes the limits out by filling it
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "welcome"

ACCOUNT_ADAPTER = "vernal.web.accounts.adapter.NoSignup"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with a link sent to that address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A whole clinic shares one address: at eight in the morning everybody logs in. Failed attempts keep
# the library's own narrow limits, for each address and each e-mail.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# https is spoken by a proxy in front, which names the visitor; without one nobody else may.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Vernal"
ACCOUNT_FORMS = {"login": "vernal.web.accounts.forms.LoginForm"}
MFA_FORMS = {"add_webauthn": "vernal.web.accounts.forms.AddPasskeyForm"}
SECOND_FACTOR_ENFORCED = not DEMO

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

if host := os.environ.get("VERNAL_EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = host
    EMAIL_PORT = int(os.environ.get("VERNAL_EMAIL_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("VERNAL_EMAIL_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("VERNAL_EMAIL_PASSWORD", "")
    EMAIL_USE_TLS = True
    EMAIL_TIMEOUT = 20  # seconds; well under the lease of a message
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("VERNAL_EMAIL_FROM", "clinic@vernal.example")
BASE_URL = os.environ.get("VERNAL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "vernal.web.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from beside the server, without the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Other names below the clinic's domain are not ours to promise https for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Logs are key=value and hold ids, never names, answers or free text.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "time=%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
if sqlite3.sqlite_version_info < (3, 37):
    raise ImproperlyConfigured(f"SQLite 3.37 or newer is needed, found {sqlite3.sqlite_version}.")

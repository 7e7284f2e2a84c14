"""Django's settings, all from the environment (ref/settings.md). Nothing here opens a database or the network."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from luytre.base.environment import read_environment
from luytre.base.i18n import LOCALE_DIR
from luytre.base.secret_files import read_or_make

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent

LUYTRE_SECRETS_DIR = ENVIRONMENT.secrets
LUYTRE_IMPORTS_DIR = ENVIRONMENT.data / "imports"  # files of the land while they are looked at; the jobs' process sees them too
LUYTRE_BUILD_DIR = PACKAGE / "static" / "build"

DEBUG = False
# Lazy: reading the settings makes no file; the first use does.
SECRET_KEY = SimpleLazyObject(lambda: read_or_make(LUYTRE_SECRETS_DIR / "django.key", lambda: secrets.token_urlsafe(50)))
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "luytre.web.urls"
WSGI_APPLICATION = "luytre.web.wsgi.application"

INSTALLED_APPS = [
    "luytre.web",  # first: its templates stand before allauth's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "luytre.civic.chain",
    "luytre.civic.access",
    "luytre.civic.regulations",
    "luytre.civic.workdays",
    "luytre.civic.registry",
    "luytre.civic.dispatch",
    "luytre.civic.ground",
    "luytre.civic.survey",
    "luytre.civic.devices",
    "luytre.civic.acceptance",
    "luytre.civic.planning",
    "luytre.civic.blurring",
    "luytre.civic.evidence",
    "luytre.civic.moments",
    "luytre.civic.upkeep",
    "luytre.civic.tips",
    "luytre.civic.incidents",
    "luytre.civic.appeals",
    "luytre.civic.petitions",
    "luytre.civic.rights",
    "luytre.civic.bulletins",
    "luytre.civic.ledger",
    "luytre.civic.committee",
    "luytre.civic.reports",
    "luytre.civic.openness",
    "luytre.civic.signals",
    "luytre.civic.movement",
    "luytre.civic.mobilisation",
    "luytre.civic.pacts",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "luytre.web.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "luytre.web.middleware.AssetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "luytre.web.middleware.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "luytre.web.middleware.SeenMiddleware",
    "luytre.web.middleware.PermissionMiddleware",
    "luytre.web.middleware.SentenceMiddleware",
    "luytre.web.middleware.RecorderOriginMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "luytre.web.context.page",
            ],
        },
    },
]

_SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA secure_delete=ON;",
}


def _database(url: str) -> dict[str, Any]:
    """SQLite keeps to one file with a log that readers never wait for, and writes zeros over what is erased, however it was
    built; PostgreSQL keeps its connections."""
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = {**_SQLITE_OPTIONS, **found.get("OPTIONS", {})}
    return found


DATABASES = {"default": _database(ENVIRONMENT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "display_name")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "luytre.web.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "luytre.web.forms.LoginForm", "reauthenticate": "luytre.web.forms_people.PasswordAgainForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = 12 * 3600
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# django-axes counts wrong passwords first, and keeps them over a restart; this one is for the codes of the second step.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key", "reauthenticate": "10/15m/user"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600

MFA_ADAPTER = "luytre.web.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "luytre.web.forms_people.CodeForm",
    "reauthenticate": "luytre.web.forms_people.CodeAgainForm",
    "activate_totp": "luytre.web.forms_people.FirstCodeForm",
    "add_webauthn": "luytre.web.forms_people.AddKeyForm",
    "edit_webauthn": "luytre.web.forms_people.EditKeyForm",
}
MFA_TOTP_ISSUER = "Lũy Tre"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "luytre.web.views.account.name_for_counting"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "luytre.web.views.account.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "luytre_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "luytre_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "luytre.web.views.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The recorder's origin is added to each answer by RecorderOriginMiddleware, since it follows the page's host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "luytre_language"
LANGUAGE_COOKIE_AGE = 365 * 86_400
LOCALE_PATHS = [LOCALE_DIR]
USE_I18N = True
FORMAT_MODULE_PATH = "luytre.web.formats"
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone

# What is uploaded stays in memory (2,5 MB at most): sheets may hold passwords, and nothing of them is to reach the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/assets/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$"
WHITENOISE_MAX_AGE = 3600

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "luytre.web.logs.RedactFilter"}},
    "formatters": {"line": {"()": "luytre.web.logs.RedactFormatter", "format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "axes": {"level": "WARNING"},
        "waitress": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # each question to a device would be a line
    },
}

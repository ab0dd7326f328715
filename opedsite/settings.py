"""Settings of the whole site: one file; what differs between sites comes from the environment (.env.example)."""

from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from opedsite.keys import local_key, require_strong
from opedsite.proxy import trusted_proxies

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- Where the site lives: the only source of absolute links and of our own origin
OPED_BASE_URL = env.str("OPED_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(OPED_BASE_URL)
OPED_IS_LOOPBACK = _base.scheme == "http"
if _base.scheme not in ("http", "https") or not _base.hostname or _base.path:
    raise ImproperlyConfigured("OPED_BASE_URL must look like https://opinion.example (no path).")
if OPED_IS_LOOPBACK and _base.hostname not in ("127.0.0.1", "localhost", "::1"):
    raise ImproperlyConfigured("OPED_BASE_URL: plain http is for 127.0.0.1 and localhost only; use https.")
OPED_DATA_DIR = Path(env.str("OPED_DATA_DIR", default=str(BASE_DIR / ".data")))

# --- Secrets
if OPED_IS_LOOPBACK:
    SECRET_KEY = env.str("OPED_SECRET_KEY", default="") or local_key("OPED_SECRET_KEY", OPED_DATA_DIR)
    OPED_PRIVACY_KEY = env.str("OPED_PRIVACY_KEY", default="") or local_key("OPED_PRIVACY_KEY", OPED_DATA_DIR)
else:
    SECRET_KEY = require_strong("OPED_SECRET_KEY", env.str("OPED_SECRET_KEY", default=""))
    OPED_PRIVACY_KEY = require_strong("OPED_PRIVACY_KEY", env.str("OPED_PRIVACY_KEY", default=""))
SECRET_KEY_FALLBACKS = env.list("OPED_SECRET_KEY_FALLBACKS", default=[])

DEBUG = env.bool("OPED_DEBUG", default=False)
if DEBUG and not OPED_IS_LOOPBACK:
    raise ImproperlyConfigured("OPED_DEBUG shows your settings to strangers; it works on a loopback site only.")

# --- The publication
OPED_SITE_NAME = env.str("OPED_SITE_NAME", default="Opinion")
OPED_TAGLINE = env.str("OPED_TAGLINE", default="")
LANGUAGE_CODE = env.str("OPED_LANGUAGE", default="en")
TIME_ZONE = env.str("OPED_TIME_ZONE", default="UTC")
USE_TZ = True
FORMAT_MODULE_PATH = "opedsite.formats"
USE_I18N = True

# --- Comments
OPED_RATE_LIMITS = env.bool("OPED_RATE_LIMITS", default=True)
if not OPED_RATE_LIMITS and not OPED_IS_LOOPBACK:
    raise ImproperlyConfigured("OPED_RATE_LIMITS=off is for test instances; a public site keeps its limits.")

# --- Apps
# Our words go before those of Django's admin: the catalog of an app above wins.
INSTALLED_APPS = [
    "comments",
    "articles",
    "opedsite.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_prose_editor",
    "opedsite.apps.OpEdSiteConfig",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "opedsite.headers.ContentSecurityPolicyMiddleware",
    "opedsite.static_files.WholeFiles",
    "opedsite.outages.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "opedsite.outages.OutageMiddleware",
]
ROOT_URLCONF = "opedsite.urls"
WSGI_APPLICATION = "opedsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.navigation.publication",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["oped"]
CRISPY_TEMPLATE_PACK = "oped"
CRISPY_FAIL_SILENTLY = False

# --- Database: commands may take their time, requests may not (`limit_statements` in opedsite/postgresql)
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{OPED_DATA_DIR / 'site.sqlite3'}")}
OPED_STATEMENT_TIMEOUT_MS = env.int("OPED_STATEMENT_TIMEOUT_MS", default=0)
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 60
_database["CONN_HEALTH_CHECKS"] = True
if _database["ENGINE"].endswith("sqlite3"):
    _database["ENGINE"] = "opedsite.sqlite3"
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA secure_delete=ON;",
    }
    # A file, not memory: tests drive a real server process beside them.
    _database["TEST"] = {"NAME": f"{_database['NAME']}.test"}
else:
    _database["ENGINE"] = "opedsite.postgresql"
    _database["OPTIONS"] = {"connect_timeout": 1}
OPED_PAGE_CACHE_MB = env.int("OPED_PAGE_CACHE_MB", default=4)
OPED_PAGE_RECHECK_SECONDS = env.float("OPED_PAGE_RECHECK_SECONDS", default=1.0)
if OPED_PAGE_CACHE_MB < 0 or not 0 <= OPED_PAGE_RECHECK_SECONDS <= 60:
    raise ImproperlyConfigured("OPED_PAGE_CACHE_MB must be 0 or more, OPED_PAGE_RECHECK_SECONDS from 0 to 60.")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "opedsite_cache"},
}

# --- Static files: hashed, compressed, served by ourselves
STATIC_URL = "/static/"
STATIC_ROOT = OPED_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "opedsite.static_files.HashedFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Pages name hashed files only, and nobody but a debugger asks for source maps: compressing the rest took two thirds of
# the first start.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# --- Pictures that staff upload: below `originals` what is kept, below `served` what readers get
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("OPED_MEDIA_DIR", default=str(OPED_DATA_DIR / "media")))

# --- Staff accounts
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
OPED_REQUIRE_MFA = env.bool("OPED_REQUIRE_MFA", default=not OPED_IS_LOOPBACK)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "opedsite.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if OPED_RATE_LIMITS else False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the second factor protects the account, not the mailbox
MFA_ADAPTER = "opedsite.accounts.SecondFactorAdapter"

# --- Cookies and transport
_secure = not OPED_IS_LOOPBACK
_host_prefix = "__Host-" if _secure else ""
SESSION_COOKIE_NAME = f"{_host_prefix}sessionid"
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
OPED_READER_COOKIE = "__Secure-oped-reader" if _secure else "oped-reader"
CSRF_COOKIE_NAME = f"{_host_prefix}csrftoken"
CSRF_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [OPED_BASE_URL]
CSRF_FAILURE_VIEW = "opedsite.views.csrf_failure"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if OPED_IS_LOOPBACK else [_base.hostname]
SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = _secure
# Not "no-referrer": with it Chromium sends "Origin: null" on our own form.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
OPED_TRUSTED_PROXIES = env.list("OPED_TRUSTED_PROXIES", default=[])
try:
    trusted_proxies(OPED_TRUSTED_PROXIES)
except ValueError as error:
    raise ImproperlyConfigured(f"OPED_TRUSTED_PROXIES: {error}") from error
OPED_MAX_BODY = 3 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = OPED_MAX_BODY
# A picture of 20 MB (articles/pictures/reading.py) and what is said of it.
OPED_MAX_UPLOAD = 21 * 1024 * 1024

_policy = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _policy}
OPED_DESK_POLICY = _policy | {
    "script-src": [SELF, NONCE],
    "font-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

# --- Mail
# Mail of a loopback site is written into files, made with the first one: its links work, and nobody gets any.
_mail_folder = f"filemail:///{quote_plus(str(OPED_DATA_DIR / 'mail'))}"
if not OPED_IS_LOOPBACK and not env.str("OPED_EMAIL_URL", default=""):
    raise ImproperlyConfigured(
        "OPED_EMAIL_URL must be set for a public site: smtp+tls://user:password@mail.example:587"
    )
EMAIL_CONFIG = env.email("OPED_EMAIL_URL", default=_mail_folder)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("OPED_FROM_EMAIL", default=f"desk@{_base.hostname}")

# --- Logging: who, what, when in UTC; never a reader's address or words
LOG_LINE = "{asctime}Z {levelname} {name} {message}"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "opedsite.audit.UtcFormatter", "format": LOG_LINE, "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # Anybody can send a wrong Host, as often as they like. (Without any handler Python prints the whole traceback.)
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "oped.audit": {"level": "INFO"},
    },
    "root": {"handlers": ["console"], "level": env.str("OPED_LOG_LEVEL", default="WARNING")},
}

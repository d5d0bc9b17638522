"""What Django is told: read from the data folder that the environment names.

`ATOMIC_REQUESTS` stays off: SQLite's transactions are IMMEDIATE here, so that writers queue
instead of failing, and every look would queue with them. `kpos.wawi.database` says what to use.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from kpos.wawi.config import (
    DATA_VARIABLE,
    address_of,
    database_of,
    load_config,
    metrics_token,
    secret_key,
)

DATA = Path(os.environ[DATA_VARIABLE])
_CONFIG = load_config(DATA)
_URL = urlsplit(_CONFIG.url)
_HERE = Path(__file__).parent
_NAME = socket.gethostname()

SECRET_KEY = secret_key(DATA)
METRICS_TOKEN = metrics_token(DATA)
DEBUG = False
ALLOWED_HOSTS = [
    *("localhost", "127.0.0.1", "[::1]", _NAME, f"{_NAME}.local"),
    *(host for host in (_URL.hostname, address_of(_CONFIG.listen)[0]) if host),
    *_CONFIG.hosts.split(),
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "kpos.wawi.desk",
    "django.contrib.admin",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "kpos.wawi.api.problems.Problems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "kpos.wawi.urls"
WSGI_APPLICATION = "kpos.wawi.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_of(_CONFIG.database, DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = _CONFIG.language
LANGUAGES = [("de", _("German")), ("en", _("English"))]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# Files of the pages come straight from the packages: there is no folder to collect them into.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

# A proxy in front ends TLS; only then do cookies insist on it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _URL.scheme == "https" else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _URL.scheme == "https"
CSRF_TRUSTED_ORIGINS = [f"{_URL.scheme}://{_URL.netloc}"] if _URL.netloc else []
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a day at the desk
LOGIN_URL = "admin:login"

# Bodies of the API are read, and limited, by kpos.wawi.api.bodies.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # Answers of 4xx are the client's business.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "ERROR"},
        # It says whenever one request waits for another.
        "waitress.queue": {"level": "ERROR"},
    },
}

"""The shop's settings. What Understudy needs stands first: a middleware, an app, where it is."""

from __future__ import annotations

import os
from pathlib import Path

from examples.django_shop.database import connection

MIDDLEWARE = [
    "understudy.contrib.django.UnderstudyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
INSTALLED_APPS = [
    "understudy.contrib.django",
    "examples.django_shop.apps.ShopConfig",
    # Without looking for an admin of its own: ours asks for the second factor.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "allauth",
    "allauth.account",
]
DATABASES = {"default": connection(os.environ["DATABASE_URL"])}
_EMBEDDED = {
    "NAME": "Saltbox",
    "URL": os.environ.get("SHOP_DASHBOARD_URL"),
    "DATA_DIR": os.environ.get("SHOP_DASHBOARD_DATA"),
    # In a schema of its own there; beside a shop on SQLite, in a file of its own.
    "DATABASE": "default",
    "ALLOW_IMPERSONATION": True,
    "STAFF": "examples.django_shop.support.staff_member",
    # Which asks for all that is missing: the password first, or once more.
    "SIGN_IN_AT": "/second-step/?next={next}",
}
_SERVICE = {
    "URL": os.environ.get("SHOP_SERVICE_URL"),
    "APPLICATION_ID": os.environ.get("SHOP_APPLICATION_ID"),
    "SECRET": os.environ.get("SHOP_APPLICATION_SECRET"),
}
UNDERSTUDY = {
    "STAFF": "examples.django_shop.support.staff",
    **({"EMBEDDED": _EMBEDDED} if _EMBEDDED["URL"] else _SERVICE),
}

SECRET_KEY = os.environ["SHOP_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "examples.django_shop.urls"
STATIC_URL = "/static/"
TIME_ZONE = "UTC"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "examples.django_shop.accounts.ClosedAdapter"
ACCOUNT_USER_DISPLAY = "examples.django_shop.accounts.display"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

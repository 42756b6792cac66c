"""What the API lets people choose from among the things that wires bring.

NOTE: published in the OpenAPI document, from which clients are generated.
"""

from __future__ import annotations

from enum import StrEnum


class HandOff(StrEnum):
    """How a launched grant reaches the application's browser session.

    ``STYTCH`` puts the token into the redirect URL's query, where it can leak; hence it is never
    the default (RFC 9700, section 4.3.2).
    """

    CODE = "code"
    STYTCH = "stytch"


class MessageFormat(StrEnum):
    """How a message is spelled. Each is signed in the same way, but for e-mail."""

    NATIVE = "native"
    CLOUDEVENTS = "cloudevents"
    STYTCH = "stytch"
    SLACK = "slack"
    EMAIL = "email"


class PresetName(StrEnum):
    """Whose export a file of users is."""

    AUTH0 = "auth0"
    CLERK = "clerk"
    COGNITO = "cognito"
    FIREBASE = "firebase"
    OKTA = "okta"
    SCIM = "scim"
    STYTCH = "stytch"

"""How the exports of identity platforms say what we ask for, by the name of the platform.

None of them maps roles or protection: what those are in an application, only its people know.
"""

from __future__ import annotations

from collections.abc import Sequence

from understudy.errors import InvalidInput
from understudy.flows.directory.files.layouts import OWN, Layout, Preset, layout
from understudy.flows.directory.files.paths import Path

_FIREBASE_CELLS = ("localId", "email", "emailVerified", "passwordHash", "salt", "displayName")

_ALL = (
    # NDJSON (although the file is called .json) or CSV of a users-exports job.
    Preset(
        name="auth0",
        title="Auth0",
        layout=layout(
            {
                "id": "user_id | id",
                "email": "email",
                "name": "name | given_name + family_name | nickname",
            }
        ),
    ),
    # CSV of the dashboard, or JSON of the command line and the Backend API.
    Preset(
        name="clerk",
        title="Clerk",
        layout=layout(
            {
                "id": "id",
                "email": "primary_email_address"
                " | email_addresses[id=@primary_email_address_id].email_address",
                "name": "first_name + last_name | username",
            }
        ),
    ),
    # CSV under the header of import jobs, or the answer of `list-users`.
    Preset(
        name="cognito",
        title="Amazon Cognito",
        layout=layout(
            {
                "id": "sub | Attributes[Name=sub].Value | cognito:username | Username",
                "email": "email | Attributes[Name=email].Value",
                "name": "name | given_name + family_name | Attributes[Name=name].Value"
                " | Attributes[Name=given_name].Value + Attributes[Name=family_name].Value",
            },
            more=(Path("PaginationToken"), Path("NextToken")),
        ),
    ),
    # JSON or CSV of `auth:export`; the CSV has no header.
    Preset(
        name="firebase",
        title="Firebase",
        layout=layout(
            {"id": "localId", "email": "email", "name": "displayName"},
            cells=_FIREBASE_CELLS,
            more=(Path("nextPageToken"),),
        ),
    ),
    # CSV under the header of Okta's import template or of a report, or the answer of its API.
    Preset(
        name="okta",
        title="Okta",
        layout=layout(
            {
                "id": "id | user.id | login | profile.login",
                "email": "email | profile.email | user.email",
                "name": "displayName | profile.displayName | firstName + lastName"
                " | profile.firstName + profile.lastName | user.firstName + user.lastName",
            }
        ),
    ),
    # A ListResponse of RFC 7644, section 3.4.2.
    Preset(
        name="scim",
        title="SCIM",
        layout=layout(
            {
                "id": "id",
                "email": "emails[primary].value | emails[0].value",
                "name": "displayName | name.formatted | name.givenName + name.familyName",
            },
            total=Path("totalResults"),
        ),
    ),
    # The answer of a search for users, or for the members of organizations.
    Preset(
        name="stytch",
        title="Stytch",
        layout=layout(
            {
                "id": "user_id | member_id",
                "email": "emails[0].email | email_address",
                "name": "name.first_name + name.middle_name + name.last_name | name",
                "organization_id": "organization_id",
            },
            more=(Path("results_metadata.next_cursor"),),
        ),
    ),
)

PRESETS = {preset.name: preset for preset in _ALL}
"""By name; `layout_of` knows our own layout as well."""


def layout_of(preset: str | None, pairs: Sequence[str] = ()) -> Layout:
    """The layout of a platform, or our own, with what ``pairs`` say otherwise.

    :raises InvalidInput: nobody of this name is known, or a pair says nothing.
    """
    if preset is not None and preset not in PRESETS:
        raise InvalidInput(
            f"The presets are {', '.join(PRESETS)}.",
            facts={"field": "preset"},
        )
    base = OWN if preset is None else PRESETS[preset].layout
    return base.mapped(pairs) if pairs else base

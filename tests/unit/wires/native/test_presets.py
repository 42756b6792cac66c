"""Exports of identity platforms, of people who do not exist, in the shape that each documents."""

from __future__ import annotations

import json

import pytest

from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.files.reading import Kind, SubjectFile, read_subjects
from understudy.wires.native.presets import PRESETS, layout_of
from understudy.wires.native.schemas.choices import PresetName

AUTH0_LINES = (
    '{"user_id":"auth0|64f1","email":"ines@north.example","email_verified":true,'
    '"name":"Ines Okafor","nickname":"ines","identities":[{"provider":"auth0"}],'
    '"app_metadata":{"roles":["owner"]}}\n'
    '{"user_id":"google-oauth2|117","email":"tomas@reyes.example","given_name":"Tomas",'
    '"family_name":"Reyes"}\n'
)
AUTH0_CSV = (
    '"user_id","email","name","identities[0].connection"\n'
    '"auth0|64f1","ines@north.example","Ines Okafor","Users"\n'
    '"google-oauth2|117","tomas@reyes.example","Tomas Reyes","google-oauth2"\n'
)
COGNITO_CSV = (
    "name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,"
    "email,email_verified,gender,birthdate,zoneinfo,locale,phone_number,phone_number_verified,"
    "address,updated_at,custom:joinedOn,cognito:mfa_enabled,cognito:username\n"
    ",Ines,Okafor,,,,,,,ines@north.example,TRUE,,,,,,,,,,FALSE,ines\n"
    "Tomas Reyes,,,,,,,,,tomas@reyes.example,TRUE,,,,,,,,,,FALSE,tomas\n"
)
COGNITO_JSON = {
    "Users": [
        {
            "Username": "ines",
            "Attributes": [
                {"Name": "sub", "Value": "6e2c"},
                {"Name": "email", "Value": "ines@north.example"},
                {"Name": "given_name", "Value": "Ines"},
                {"Name": "family_name", "Value": "Okafor"},
            ],
            "Enabled": True,
            "UserStatus": "CONFIRMED",
        },
        {
            "Username": "tomas",
            "Attributes": [
                {"Name": "email", "Value": "tomas@reyes.example"},
                {"Name": "name", "Value": "Tomas Reyes"},
            ],
        },
    ]
}
CLERK_CSV = (
    "id,first_name,last_name,username,primary_email_address,primary_phone_number,"
    "verified_email_addresses,unverified_email_addresses,verified_phone_numbers,"
    "unverified_phone_numbers,totp_secret,password_digest,password_hasher\n"
    "user_2a,Ines,Okafor,,ines@north.example,,ines@north.example,,,,,$2a$10$abc,bcrypt\n"
    "user_2b,Tomas,Reyes,tomas,tomas@reyes.example,,tomas@reyes.example,,,,,,\n"
)
CLERK_JSON = [
    {
        "id": "user_2a",
        "object": "user",
        "first_name": "Ines",
        "last_name": "Okafor",
        "primary_email_address_id": "idn_2",
        "email_addresses": [
            {"id": "idn_1", "email_address": "old@north.example"},
            {"id": "idn_2", "email_address": "ines@north.example"},
        ],
    },
    {
        "id": "user_2b",
        "first_name": "Tomas",
        "last_name": "Reyes",
        "primary_email_address_id": "idn_3",
        "email_addresses": [{"id": "idn_3", "email_address": "tomas@reyes.example"}],
    },
]
FIREBASE_JSON = {
    "users": [
        {
            "localId": "uYpz1",
            "email": "ines@north.example",
            "emailVerified": True,
            "passwordHash": "aGFzaA==",
            "salt": "c2FsdA==",
            "displayName": "Ines Okafor",
            "lastSignedInAt": "1700000000000",
            "createdAt": "1690000000000",
            "disabled": False,
            "providerUserInfo": [],
            "customAttributes": '{"role":"owner"}',
        },
        {"localId": "uYpz2", "email": "tomas@reyes.example", "displayName": "Tomas Reyes"},
    ]
}
FIREBASE_CSV = (
    "uYpz1,ines@north.example,true,aGFzaA==,c2FsdA==,Ines Okafor,,,,,,,,,,,,,,,,,,"
    "1690000000000,1700000000000,+4520123456,false,\n"
    'uYpz2,tomas@reyes.example,false,,,"Tomas Reyes",,,,,,,,,,,,,,,,,,1690000000000,,,,\n'
)
FIREBASE_HEADED = (
    "localId,email,displayName\n"
    "uYpz1,ines@north.example,Ines Okafor\n"
    "uYpz2,tomas@reyes.example,Tomas Reyes\n"
)
OKTA_CSV = (
    "login,firstName,lastName,middleName,honorificPrefix,email,title,displayName,nickName\n"
    "ines@north.example,Ines,Okafor,,,ines@north.example,CFO,,\n"
    "tomas@reyes.example,Tomas,Reyes,,,tomas@reyes.example,,Tomas Reyes,\n"
)
OKTA_JSON = [
    {
        "id": "00u1",
        "status": "ACTIVE",
        "profile": {"firstName": "Ines", "lastName": "Okafor", "email": "ines@north.example"},
    },
    {
        "id": "00u2",
        "profile": {"displayName": "Tomas Reyes", "email": "tomas@reyes.example"},
    },
]
SCIM = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 2,
    "startIndex": 1,
    "itemsPerPage": 2,
    "Resources": [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "2819c223",
            "userName": "ines",
            "name": {"givenName": "Ines", "familyName": "Okafor"},
            "emails": [
                {"value": "ines@home.example", "type": "home"},
                {"value": "ines@north.example", "type": "work", "primary": True},
            ],
            "roles": [{"value": "owner"}],
        },
        {
            "id": "2819c224",
            "displayName": "Tomas Reyes",
            "emails": [{"value": "tomas@reyes.example"}],
        },
    ],
}
STYTCH = {
    "request_id": "request-id-test-1",
    "results": [
        {
            "user_id": "user-test-1",
            "status": "active",
            "name": {"first_name": "Ines", "middle_name": "", "last_name": "Okafor"},
            "emails": [{"email_id": "email-1", "email": "ines@north.example", "verified": True}],
            "roles": ["stytch_user"],
        },
        {
            "user_id": "user-test-2",
            "name": {"first_name": "Tomas", "middle_name": "", "last_name": "Reyes"},
            "emails": [{"email_id": "email-2", "email": "tomas@reyes.example"}],
        },
    ],
    "results_metadata": {"total": 2, "next_cursor": None},
    "status_code": 200,
}
STYTCH_MEMBERS = {
    "members": [
        {"member_id": "member-1", "email_address": "ines@north.example", "name": "Ines Okafor"},
        {"member_id": "member-2", "email_address": "tomas@reyes.example", "name": "Tomas Reyes"},
    ],
    "results_metadata": {"total": 2, "next_cursor": ""},
}

EXPORTS: list[tuple[str, Kind | None, object, tuple[str, str]]] = [
    ("auth0", None, AUTH0_LINES, ("auth0|64f1", "google-oauth2|117")),
    ("auth0", Kind.NDJSON, AUTH0_LINES, ("auth0|64f1", "google-oauth2|117")),
    ("auth0", None, AUTH0_CSV, ("auth0|64f1", "google-oauth2|117")),
    ("cognito", None, COGNITO_CSV, ("ines", "tomas")),
    ("cognito", None, COGNITO_JSON, ("6e2c", "tomas")),
    ("clerk", None, CLERK_CSV, ("user_2a", "user_2b")),
    ("clerk", None, CLERK_JSON, ("user_2a", "user_2b")),
    ("firebase", None, FIREBASE_JSON, ("uYpz1", "uYpz2")),
    ("firebase", None, FIREBASE_CSV, ("uYpz1", "uYpz2")),
    ("firebase", None, FIREBASE_HEADED, ("uYpz1", "uYpz2")),
    ("okta", None, OKTA_CSV, ("ines@north.example", "tomas@reyes.example")),
    ("okta", None, OKTA_JSON, ("00u1", "00u2")),
    ("scim", None, SCIM, ("2819c223", "2819c224")),
    ("stytch", None, STYTCH, ("user-test-1", "user-test-2")),
    ("stytch", None, STYTCH_MEMBERS, ("member-1", "member-2")),
]


def _read(preset: str, kind: Kind | None, export: object, *mapped: str) -> SubjectFile:
    text = export if isinstance(export, str) else json.dumps(export, indent=2)
    return read_subjects(text.encode(), kind, layout_of(preset, mapped))


@pytest.mark.parametrize(("preset", "kind", "export", "ids"), EXPORTS)
def test_an_export_is_read_as_the_platform_writes_it(
    preset: str, kind: Kind | None, export: object, ids: tuple[str, str]
) -> None:
    file = _read(preset, kind, export)
    assert file.problems == []
    assert [(row.facts.id, row.facts.email, row.facts.name) for row in file.rows] == [
        (ids[0], "ines@north.example", "Ines Okafor"),
        (ids[1], "tomas@reyes.example", "Tomas Reyes"),
    ]


@pytest.mark.parametrize(("preset", "kind", "export", "ids"), EXPORTS)
def test_no_preset_says_anything_of_roles_and_protection(
    preset: str, kind: Kind | None, export: object, ids: tuple[str, str]
) -> None:
    file = _read(preset, kind, export)
    assert {(row.facts.roles, row.facts.protected) for row in file.rows} == {(ABSENT, ABSENT)}


@pytest.mark.parametrize(
    ("preset", "export", "mapped", "roles"),
    [
        ("auth0", AUTH0_LINES, "roles=app_metadata.roles", ("owner",)),
        ("scim", SCIM, "roles=roles[*].value", ("owner",)),
        ("stytch", STYTCH, "roles=roles", ("stytch_user",)),
    ],
)
def test_roles_are_read_where_somebody_says_that_they_stand(
    preset: str, export: object, mapped: str, roles: tuple[str, ...]
) -> None:
    file = _read(preset, None, export, mapped)
    assert [row.facts.roles for row in file.rows] == [roles, ABSENT]


@pytest.mark.parametrize(
    ("preset", "export"),
    [
        ("scim", SCIM | {"totalResults": 200}),
        ("stytch", STYTCH | {"results_metadata": {"total": 9, "next_cursor": "eyJ"}}),
        ("cognito", COGNITO_JSON | {"PaginationToken": "abc"}),
        ("firebase", FIREBASE_JSON | {"nextPageToken": "abc"}),
    ],
)
def test_one_page_of_many_is_no_export(preset: str, export: object) -> None:
    assert [one.code for one in _read(preset, None, export).problems] == ["file_incomplete"]


def test_a_preset_is_one_of_those_that_the_api_names() -> None:
    assert [*PRESETS] == [name.value for name in PresetName]
    with pytest.raises(InvalidInput) as refused:
        layout_of("acme")
    assert refused.value.facts == {"field": "preset"}


def test_without_a_preset_it_is_our_own_layout() -> None:
    assert layout_of(None).own
    assert layout_of(None, ("name=nick",)).demanded == {"name"}

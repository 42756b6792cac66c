"""The directory by the Python SDK: the same users as natively, changed by the same rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from clerk_backend_api import models

from tests.integration.wires.clerk.place import Place
from understudy.core.notices.events import EventType

# The SDK reads a field of its own that it has deprecated, whenever it lists users.
pytestmark = pytest.mark.filterwarnings("ignore:warning. .. DEPRECATED:DeprecationWarning")


def _native(place: Place, user_id: str) -> dict[str, Any]:
    auth = (place.tenant.application.id, place.tenant.secret)
    answer = httpx.get(f"{place.base}/api/v1/subjects/{user_id}", auth=auth)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_users_are_listed_counted_and_shown(place: Place) -> None:
    with place.sdk() as sdk:
        everybody = sdk.users.list(request={"order_by": "+created_at"})
        by_email = sdk.users.list(request={"email_address": ["Ada@Acme.example"]})
        by_ids = sdk.users.list(request={"user_id": ["ada", "root"], "limit": 1})
        found = sdk.users.list(request={"query": "lovett"})
        banned = sdk.users.list(request={"banned": True})
        count = sdk.users.count(request={"user_id": ["ada", "root"]})
        ada = sdk.users.get(user_id="ada")
        with pytest.raises(models.ClerkErrors) as unknown:
            sdk.users.get(user_id="nobody")
    assert {user.id for user in everybody} == {"ada", "root", "grace"}
    assert [user.id for user in by_email] == [user.id for user in found] == ["ada"]
    assert [user.id for user in banned] == ["grace"]
    assert len(by_ids) == 1
    assert count.total_count == 2
    assert ada.first_name == "Ada Lovett"
    assert [email.email_address for email in ada.email_addresses] == ["ada@acme.example"]
    assert ada.primary_email_address_id == ada.email_addresses[0].id
    assert unknown.value.data.errors[0].code == "resource_not_found"


def test_a_user_is_made_changed_banned_and_deleted(place: Place) -> None:
    with place.sdk() as sdk:
        made = sdk.users.create(
            email_address=["new@acme.example"],
            phone_number=["+15550100"],
            first_name="New",
            last_name="User",
            username="newbie",
            external_id="crm-7",
            public_metadata={"plan": "gold", "seats": {"used": 1, "free": 2}},
            private_metadata={"score": 3},
            skip_password_requirement=True,
        )
        assert _native(place, made.id)["name"] == "New User"
        changed = sdk.users.update(user_id=made.id, last_name="Person", username=None)
        merged = sdk.users.update_metadata(
            user_id=made.id, public_metadata={"plan": None, "seats": {"used": 2}}
        )
        banned = sdk.users.ban(user_id=made.id)
        unbanned = sdk.users.unban(user_id=made.id)
        deleted = sdk.users.delete(user_id=made.id)
        with pytest.raises(models.ClerkErrors):
            sdk.users.get(user_id=made.id)
    assert made.id.removeprefix("user_").isalnum()
    assert (made.external_id, made.username) == ("crm-7", "newbie")
    assert [phone.phone_number for phone in made.phone_numbers] == ["+15550100"]
    assert (changed.first_name, changed.last_name) == ("New", "Person")
    assert changed.private_metadata == {"score": 3}
    assert merged.public_metadata == {"seats": {"used": 2, "free": 2}}
    assert (banned.banned, unbanned.banned, deleted.deleted) == (True, False, True)
    about = [(entry.personal or {}).get("subject_id") for entry in place.entries(*SAVED)]
    assert about.count(made.id) >= 5


SAVED = (EventType.SUBJECT_SAVED, EventType.SUBJECT_DELETED)


def test_identifiers_are_taken_once(place: Place) -> None:
    with place.sdk() as sdk:
        sdk.users.create(external_id="crm-7")
        creations: list[Callable[[], object]] = [
            lambda: sdk.users.create(email_address=["ADA@acme.example"]),
            lambda: sdk.users.create(external_id="crm-7"),
        ]
        for create in creations:
            with pytest.raises(models.ClerkErrors) as refused:
                create()
            assert refused.value.status_code == 422
            assert refused.value.data.errors[0].code == "form_identifier_exists"
        with pytest.raises(models.ClerkErrors):
            sdk.users.update(user_id="ada", external_id="crm-7")


REFUSED: tuple[tuple[dict[str, Any], str, str | None], ...] = (
    ({"password": "correct horse"}, "password", "form_param_unknown"),
    ({"totp_secret": "x"}, "totp_secret", "form_param_unknown"),
    ({"web3_wallet": ["x"]}, "web3_wallet", "form_param_unknown"),
    ({"colour": "red"}, "colour", "form_param_unknown"),
    ({"email_address": ["a@b.example", "c@d.example"]}, "email_address", None),
    ({"email_address": ["nobody"]}, "email_address", None),
    ({"email_address": "a@b.example"}, "email_address", None),
    ({"first_name": 7}, "first_name", None),
    ({"first_name": "a\nb"}, "first_name", None),
    ({"first_name": "a" * 200, "last_name": "b" * 200}, "last_name", None),
    ({"public_metadata": []}, "public_metadata", None),
    ({"public_metadata": {"x": "y" * 9000}}, "public_metadata", None),
    ({"banned": "yes"}, "banned", None),
)


def test_what_is_not_kept_here_is_refused_not_dropped(place: Place) -> None:
    for body, parameter, code in REFUSED:
        answer = place.http.post("/users", json=body)
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["meta"]["param_name"]) == (422, parameter), body
        assert error["code"] == (code or "form_param_value_invalid"), body
    password = place.http.post("/users", json={"password": "x"}).json()["errors"][0]
    assert "users sign in to your app" in password["long_message"]


def test_a_role_in_public_metadata_is_a_role(place: Place) -> None:
    made = place.http.post("/users", json={"public_metadata": {"role": "org:Admin"}}).json()
    assert _native(place, made["id"])["roles"] == ["org:Admin"]
    url = f"/users/{made['id']}"
    merged = {"public_metadata": {"role": None, "roles": ["editor"]}}
    place.http.patch(f"{url}/metadata", json=merged)
    assert _native(place, made["id"])["roles"] == ["editor"]
    place.http.patch(url, json={"first_name": "Ada"})
    assert _native(place, made["id"])["roles"] == ["editor"]
    place.http.patch(url, json={"public_metadata": {}})
    assert _native(place, made["id"])["roles"] == []
    refused = place.http.patch(url, json={"public_metadata": {"role": "a\nb"}})
    assert refused.status_code == 422


def test_what_other_wires_keep_and_rules_look_at_stays(place: Place) -> None:
    auth = (place.tenant.application.id, place.tenant.secret)
    native = {"email": "ada@acme.example", "name": "Ada Lovett", "roles": ["admin"]}
    url = f"{place.base}/api/v1/subjects/ada"
    httpx.put(url, json={**native, "protected": True, "organization_id": "acme"}, auth=auth)
    changed = place.http.patch("/users/ada", json={"first_name": "Ada", "last_name": "L."}).json()
    after = _native(place, "ada")
    assert (changed["first_name"], changed["last_name"]) == ("Ada", "L.")
    assert (after["name"], after["roles"], after["protected"]) == ("Ada L.", ["admin"], True)
    assert after["organization"]["id"] if "organization" in after else after["organization_id"]
    httpx.put(url, json={**native, "name": "Ada King", "organization_id": "acme"}, auth=auth)
    assert place.http.get("/users/ada").json()["first_name"] == "Ada King"


def test_nobody_can_be_changed_who_is_not_there(place: Place) -> None:
    place.http.delete("/users/root")
    for user_id in ("nobody", "root"):
        for method, path in (
            ("PATCH", f"/users/{user_id}"),
            ("PATCH", f"/users/{user_id}/metadata"),
            ("DELETE", f"/users/{user_id}"),
            ("POST", f"/users/{user_id}/ban"),
            ("POST", f"/users/{user_id}/unban"),
        ):
            body: dict[str, str] | None = {} if method == "PATCH" else None
            assert place.http.request(method, path, json=body).status_code == 404


def test_an_external_id_may_be_said_again_or_taken_away(place: Place) -> None:
    for external_id in ("crm-7", "crm-7", None, ""):
        changed = place.http.patch("/users/ada", json={"external_id": external_id})
        assert (changed.status_code, changed.json()["external_id"]) == (200, external_id or None)


def test_deleting_a_user_ends_the_sessions_as_that_user(place: Place) -> None:
    session_id = place.exchanged()["session"]["id"]
    assert place.http.delete("/users/ada").json()["deleted"] is True
    assert place.http.get(f"/sessions/{session_id}").json()["status"] == "revoked"
    assert place.http.post(f"/sessions/{session_id}/tokens").status_code == 404

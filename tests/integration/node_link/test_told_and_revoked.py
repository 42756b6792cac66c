"""An app on Node tells its users, and revokes what was made in sessions, by a real service."""

from __future__ import annotations

from tests.integration.node_link.desk import Desk


def test_a_user_is_told_and_what_was_made_is_revoked(desk: Desk) -> None:
    path = f"/applications/{desk.place.application_id}"
    told = {"consent": {"tell": True, "shown_as": "Acme Support"}}
    desk.operator("PATCH", path, {"settings": told})
    with desk.app() as app:
        app.do("hook")
        session = app.do("start", token=desk.token("ada"))["session"]
        (notice,) = app.do("notices")["notices"]
        assert (notice["sessionId"], notice["by"]) == (session, "Acme Support")
        assert (notice["subject"]["id"], notice["scope"]) == ("ada", "full")
        app.do("mint", session=session, kind="api_key", reference="key 7")
        app.do("end", session=session)
        (revoked,) = app.do("revoked")["revoked"]
        assert (revoked["sessionId"], revoked["kind"]) == (session, "api_key")
        assert revoked["reference"] == "key 7"
        # The service is told of it, and so has nothing left to be revoked.
        while desk.backend("GET", "/minted")["items"]:
            pass
        query = f"/audit/entries?session_id={session}&limit=100"
        types = [entry["type"] for entry in desk.backend("GET", query)["items"]]
        assert (types.count("credential.minted"), types.count("credential.revoked")) == (1, 1)

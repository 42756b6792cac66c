"""A site whose users are of a model of its own: by e-mail, with UUIDs, staff by a group."""

from __future__ import annotations

from tests.fixtures.django_process import told_by


def test_users_of_a_sites_own_model_are_offered_started_and_served() -> None:
    assert told_by("tests.integration.contrib.django.members.project") == {
        "offered": True,
        "started": 200,
        "served": "ada@shop.test by kim@shop.test",
    }

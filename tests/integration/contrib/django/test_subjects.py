"""The site's users as a file, and what the service makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.fixtures.django_project import project
from understudy.testing import FakeGateway


@pytest.fixture(autouse=True)
def people(tmp_path: Path, gateway: FakeGateway) -> Iterator[None]:
    with project(tmp_path, urls="tests.integration.contrib.django.admin_urls", gateway=gateway):
        from django.contrib.auth.models import Group, User

        ada = User.objects.create_user("ada", "ada@customer.test", first_name="Ada, the first")
        for name in ("owners", "buyers"):
            ada.groups.add(Group.objects.create(name=name))
        User.objects.create_user("gone", is_active=False)
        User.objects.create_superuser("root")
        yield


def written() -> str:
    out = StringIO()
    call_command("understudy", "users", stdout=out, no_color=True)
    return out.getvalue()


def test_active_users_are_written_with_roles_and_who_is_protected() -> None:
    assert written().splitlines() == [
        "id,email,name,roles,protected",
        '1,ada@customer.test,"Ada, the first",buyers;owners,false',
        "3,,root,,true",
    ]


def test_the_file_is_one_that_an_import_takes() -> None:
    from understudy.flows.directory.files.layouts import COLUMNS

    header, *_ = written().splitlines()
    assert set(header.split(",")) <= set(COLUMNS)


def test_it_asks_the_database_as_often_for_many_as_for_few() -> None:
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        written()
    User.objects.bulk_create([User(username=f"user {number}") for number in range(50)])
    with CaptureQueriesContext(connection) as many:
        assert len(written().splitlines()) == 53
    assert len(many) == len(few)


def test_a_group_that_reads_like_two_is_refused() -> None:
    from django.contrib.auth.models import Group

    Group.objects.filter(name="owners").update(name="owners;admins")
    with pytest.raises(CommandError, match="owners;admins"):
        written()

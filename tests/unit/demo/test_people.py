from __future__ import annotations

from understudy.demo.people import COMPANIES, OPERATORS, USERS


def test_every_user_belongs_to_a_company_of_the_demo() -> None:
    companies = {user.company_id for user in USERS} - {None}
    assert companies == {company.id for company in COMPANIES}


def test_ids_and_addresses_name_one_user_each() -> None:
    assert len({user.id for user in USERS}) == len({user.email for user in USERS}) == len(USERS)


def test_sam_alone_of_the_team_has_an_account_in_the_app_that_is_refused_to_sam() -> None:
    team = {one.email for one in OPERATORS}
    assert {user.id for user in USERS if user.email in team} == {"sam"}


def test_no_address_of_the_demo_can_be_written_to() -> None:
    everybody = [one.email for one in OPERATORS] + [user.email for user in USERS]
    assert all(email.endswith(".example") for email in everybody)

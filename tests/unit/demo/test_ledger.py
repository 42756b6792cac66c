from __future__ import annotations

from understudy.demo.ledger import InvoiceStatus, Ledger, by_month, by_status
from understudy.demo.people import COMPANIES, USERS, User

ADA = next(user for user in USERS if user.id == "ada")
SAM = next(user for user in USERS if user.company_id is None)


def test_every_start_has_the_same_invoices_with_numbers_of_their_own() -> None:
    first, second = Ledger().visible_to(SAM), Ledger().visible_to(SAM)
    assert first == second
    assert len({invoice.number for invoice in first}) == len(first) == 36
    assert {invoice.company_id for invoice in first} == {company.id for company in COMPANIES}


def test_every_status_occurs_in_every_company() -> None:
    for company in COMPANIES:
        user = User(id="x", name="X", email="x@x.example", company_id=company.id, roles=())
        assert all(by_status(Ledger().visible_to(user)).values())


def test_sums_are_those_of_the_invoices() -> None:
    invoices = Ledger().visible_to(ADA)
    assert sum(by_status(invoices).values()) == sum(invoice.amount for invoice in invoices)
    assert set(by_status([])) == set(InvoiceStatus)
    assert by_status([])[InvoiceStatus.PAID] == 0


def test_months_run_from_the_oldest_and_are_six_at_most() -> None:
    months = by_month(Ledger().visible_to(SAM))
    assert len(months) == 6
    assert months[-1][0] == "Feb 2026"
    assert by_month([]) == []


def test_a_reminder_is_kept_by_this_ledger_alone() -> None:
    ledger = Ledger()
    invoice = ledger.visible_to(ADA)[0]
    ledger.remind(invoice)
    ledger.remind(ledger.visible_to(ADA)[0])
    found = ledger.get(ADA, invoice.number)
    assert found is not None
    assert found.reminders == 2
    untouched = Ledger().get(ADA, invoice.number)
    assert untouched == invoice

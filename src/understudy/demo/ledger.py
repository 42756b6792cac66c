"""The sample app's invoices: made up, the same at every start, changed in memory only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from understudy.demo.people import User

_TODAY = date(2026, 3, 2)
_CLIENTS = {
    "tidewater": ("Café Meridian", "Hotel Bellevue", "The Copper Pot", "Riverside School"),
    "northlight": ("Aster Pharma", "Bluepeak Outdoor", "Kestrel Motors", "Volta Lighting"),
}


class InvoiceStatus(StrEnum):
    """Where an invoice stands."""

    DRAFT = "draft"
    SENT = "sent"
    OVERDUE = "overdue"
    PAID = "paid"


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """One invoice; ``amount`` in whole euros."""

    number: str
    company_id: str
    client: str
    amount: int
    issued_on: date
    due_on: date
    status: InvoiceStatus
    reminders: int = 0


class Ledger:
    """Every invoice of the sample app."""

    def __init__(self) -> None:
        self._invoices = {invoice.number: invoice for invoice in _sample()}

    def visible_to(self, user: User, *, query: str = "") -> Sequence[Invoice]:
        """What a user may see: their company's, or everything for staff; newest first."""
        wanted = query.casefold().strip()
        found = [
            invoice
            for invoice in self._invoices.values()
            if user.company_id in (None, invoice.company_id)
            and wanted in f"{invoice.number} {invoice.client}".casefold()
        ]
        return sorted(found, key=lambda invoice: (invoice.issued_on, invoice.number), reverse=True)

    def get(self, user: User, number: str) -> Invoice | None:
        """One invoice, if the user may see it."""
        invoice = self._invoices.get(number)
        if invoice is None or user.company_id not in (None, invoice.company_id):
            return None
        return invoice

    def remind(self, invoice: Invoice) -> Invoice:
        """Send a reminder."""
        reminded = replace(invoice, reminders=invoice.reminders + 1)
        self._invoices[invoice.number] = reminded
        return reminded


def by_status(invoices: Sequence[Invoice]) -> dict[InvoiceStatus, int]:
    """The sum of amounts for each status."""
    return {
        status: sum(invoice.amount for invoice in invoices if invoice.status is status)
        for status in InvoiceStatus
    }


def by_month(invoices: Sequence[Invoice]) -> Sequence[tuple[str, int]]:
    """What was invoiced in each of the last six months, oldest first."""
    sums: dict[str, int] = {}
    for invoice in sorted(invoices, key=lambda invoice: invoice.issued_on):
        month = f"{invoice.issued_on:%b %Y}"
        sums[month] = sums.get(month, 0) + invoice.amount
    return list(sums.items())[-6:]


def _sample() -> Sequence[Invoice]:
    invoices = []
    for offset, (company_id, clients) in enumerate(_CLIENTS.items()):
        for number in range(18):
            issued = _TODAY - timedelta(days=9 * number + 4 * offset + 2)
            invoices.append(
                Invoice(
                    number=f"{company_id[0].upper()}-{1042 - number + 500 * offset}",
                    company_id=company_id,
                    client=clients[(number * 3 + offset) % len(clients)],
                    amount=340 + (number * 617 + offset * 1291) % 4200,
                    issued_on=issued,
                    due_on=issued + timedelta(days=30),
                    status=_status(number, issued),
                )
            )
    return invoices


def _status(number: int, issued: date) -> InvoiceStatus:
    if number == 0:
        return InvoiceStatus.DRAFT
    if issued + timedelta(days=30) >= _TODAY:
        return InvoiceStatus.SENT
    return InvoiceStatus.OVERDUE if number % 5 == 0 else InvoiceStatus.PAID

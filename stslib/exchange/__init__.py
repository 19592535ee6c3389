"""What goes out to other programs and comes back: agreed dates for a calendar, the directory as a table."""

from __future__ import annotations

from stslib.exchange.calendar import AgreedDate, to_ics
from stslib.exchange.directory import Contact, ContactsRead, contacts_to_csv, contacts_to_xlsx, read_contacts

__all__ = ["AgreedDate", "Contact", "ContactsRead", "contacts_to_csv", "contacts_to_xlsx", "read_contacts", "to_ics"]

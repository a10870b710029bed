"""What must survive: rows of tickets, alarms, the ledger, letters and people, on SQLite or PostgreSQL."""

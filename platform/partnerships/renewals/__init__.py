"""renewals: reminders before needs and offers go stale, and the click that says they still stand."""

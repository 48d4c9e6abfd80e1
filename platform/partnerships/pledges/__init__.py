"""pledges."""

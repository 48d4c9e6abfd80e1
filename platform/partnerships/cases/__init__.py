"""Cases of the individualised approach: one a State and round, from the request to the support that came of it."""

"""Keeping: a verified copy of everything while the platform serves, and its way back into an empty place."""

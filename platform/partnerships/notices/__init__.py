"""Notices: what happened that concerns a person, on the platform at once and by letter as the person wishes."""

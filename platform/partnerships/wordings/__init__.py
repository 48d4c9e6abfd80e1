"""wordings."""

"""documents: files attached to a need, an offer, a country meeting or a pledging conference."""

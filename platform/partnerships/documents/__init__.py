"""documents: files attached to a need, an offer, a country meeting, a pledging conference or a pledge."""

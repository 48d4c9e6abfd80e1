"""searches: one box over needs, offers, partners, conferences, country meetings and documents; searches that people keep."""

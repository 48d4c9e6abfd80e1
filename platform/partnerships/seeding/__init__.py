"""Seeding: the reference tables of seed/ loaded and written back, and the demonstration scenario."""

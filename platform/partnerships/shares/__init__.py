"""Needs that their State shares with named partners until a day, before or beside publication."""

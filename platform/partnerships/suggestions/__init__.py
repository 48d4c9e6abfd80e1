"""Suggestions: what the matching engine proposes, in words, within each reader's sight."""

"""The rules of suggested follow-ups: each one small function, named in `table`, over what `ground` reads once."""

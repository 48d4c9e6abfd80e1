"""What went wrong with a copy, in words for the operator. Commands are not translated: one language for one log."""

from __future__ import annotations

FORMAT = 1
SEAL = b"partnerships-backup passphrase\n"  # the first line of a copy that is sealed by a passphrase


class Unwell(Exception):
    """A copy cannot be made, or is not what it should be. The message is for the operator."""

"""IATI 2.03: activities out of the register, and activities of other publishers read (decision 30)."""

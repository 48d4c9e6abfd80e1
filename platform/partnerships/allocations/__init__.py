"""Allocations: who could fund what, as a what-if; never a commitment."""

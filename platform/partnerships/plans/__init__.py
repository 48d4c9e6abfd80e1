"""plans: the guided second part of a need (work by year, people, costs, what is covered, a national programme)."""

"""amendments: verification of needs, their published versions, and changes to them."""

"""standards: the register in the forms in which others publish."""

"""Weights: the ISU sees how many points each reason can give, tries others, and lets a version serve."""

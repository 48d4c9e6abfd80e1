"""Assessed contributions under Article 14: what States owe for the costs of meetings. Another stream than pledges altogether."""

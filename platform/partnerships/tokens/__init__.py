"""Keys with which programs ask for what a person or a State or organisation may see and do."""

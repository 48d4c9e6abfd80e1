"""What a donor or a State sends elsewhere, drawn from the register: flows for OCHA, Form J of Article 7."""

"""webhooks: what happens, told at once to an organisation's own machines: signed, tried again, never into private networks."""

"""exchange: spreadsheets in and out."""

"""The bank's machine, spoken in ISO 8583."""

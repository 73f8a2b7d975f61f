"""Whole days of till, acquirer, line, card, pad and printer in one process, under a seed."""

"""The payment in motion: one thread, one inbox, one payment at a time."""

"""Qt, and only Qt: draws notices, sends commands."""

"""What outlives a power cut: SQLite through sqlite-utils."""

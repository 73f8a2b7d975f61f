"""The payment itself: pure decisions and the words for them, with no Qt, no I/O, no threads."""

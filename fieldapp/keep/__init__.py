"""keep: an answer becomes a row, for good."""

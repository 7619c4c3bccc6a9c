"""bench: what things cost, as a ratio against a bare limit measured in the same run."""

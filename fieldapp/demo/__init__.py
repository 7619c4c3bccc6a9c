"""demo: the filled example, two years of plausible logs."""

"""ask: what is asked, and the check of an answer."""

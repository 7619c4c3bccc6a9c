"""web: pages for phones, posters and the office."""

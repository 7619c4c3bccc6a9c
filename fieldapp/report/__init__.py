"""report: rows become what people read."""

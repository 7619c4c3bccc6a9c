"""fieldapp: forms ask, the database keeps, exports tell."""

__version__ = "0.1.0"

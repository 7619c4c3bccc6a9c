"""What abuse starts from: the house of who gets in."""

from tests.fault.access.conftest import changes, enter, house, kept, other

__all__ = ["changes", "enter", "house", "kept", "other"]

"""What the tries start from: the small world of the tests of pages."""

from tests.web.conftest import cards, changes, enter, kept, phones

__all__ = ["cards", "changes", "enter", "kept", "phones"]

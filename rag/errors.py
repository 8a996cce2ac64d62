"""What can go wrong with a question."""

from __future__ import annotations

from index.errors import WenjuError


class QuestionError(WenjuError):
    """A request that cannot be answered as it stands; ``field`` names the part to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class QuestionTooCostlyError(WenjuError):
    """A question took more work than one may; a shorter one, or the same in parts, can be answered."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the question took more than {seconds:g} s of computing and was ended; ask a shorter one, or its parts one by one"
        )
        self.seconds = seconds


class DecisionError(WenjuError):
    """The fitted decision cannot be used; the message names the file and what is wrong with it."""

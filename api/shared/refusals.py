"""What is refused for now, with when to come again."""

from __future__ import annotations

import math

from index.errors import WenjuError


class ComeAgainError(WenjuError):
    """A request that may succeed in ``wait`` seconds."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait

    def headers(self) -> dict[str, str]:
        """When to come again, in the forms that clients read."""
        return {
            "retry-after": str(max(1, math.ceil(self.wait))),
            "retry-after-ms": str(max(1, math.ceil(self.wait * 1000))),
        }


class RateLimitError(ComeAgainError):
    """The key's allowance is used up for ``wait`` seconds."""

    def __init__(self, name: str, per_minute: int, wait: float) -> None:
        super().__init__(f"the key {name!r} may send {per_minute} requests a minute; wait {wait:.1f} s", wait)
        self.per_minute = per_minute

    def headers(self) -> dict[str, str]:
        """With the allowance, which is used up."""
        limits = {"x-ratelimit-limit-requests": str(self.per_minute), "x-ratelimit-remaining-requests": "0"}
        return super().headers() | limits


class WrongKeysError(ComeAgainError):
    """Too many wrong keys have come from one address for another one to be looked at now."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"too many wrong API keys from this address; wait {wait:.1f} s", wait)


class OverloadedError(ComeAgainError):
    """There is more to do than can be done soon: refused at once rather than kept waiting."""

    def __init__(self, what: str, wait: float) -> None:
        super().__init__(f"the service is busy ({what}); come again in {max(1, math.ceil(wait))} s", wait)

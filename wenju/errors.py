"""What can go wrong, the same for an index in this process and for a service."""

from __future__ import annotations


class WenjuError(Exception):
    """The root of all errors that are raised on purpose. Its text is one line that a user can act on."""


class QuestionError(WenjuError):
    """A request that cannot be answered as it stands. ``field`` names what to mend, ``message`` how."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message


class IndexUnusableError(WenjuError):
    """An index folder is missing, damaged, or was built for something else; the text names the command that mends it."""


class NamesTakenError(WenjuError):
    """The program has modules of its own by names that the engine needs: ask a service with ``Client`` instead."""


class ServiceError(WenjuError):
    """A service did not answer. ``status`` is that of HTTP, None where there was no response."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class UnreachableError(ServiceError):
    """Nobody listens at the address, the connection broke, or the answer took too long."""


class UnauthorizedError(ServiceError):
    """401: no key, or a wrong one."""


class ForbiddenError(ServiceError):
    """403: the key does not allow this."""


class NotFoundError(ServiceError):
    """404: no such document, or no such route: the address may be another program's."""


class RateLimitError(ServiceError):
    """429. ``retry_after`` is in seconds, where the service told."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, 429)
        self.retry_after = retry_after


class UnavailableError(ServiceError):
    """5xx: the service failed, or cannot answer now."""

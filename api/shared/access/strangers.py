"""Slows down whoever tries keys: after a few wrong ones from an address, one a second."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from api.shared.refusals import WrongKeysError

AT_ONCE = 10
"""Wrong keys that an address may send without waiting: people mistype, and programs are configured wrongly."""

EVERY = 1.0
"""Seconds between further ones. Ten guesses and one a second find no key that a machine has made."""

LONGEST = 5.0
"""Seconds that a request is kept waiting before it is refused at once; keys tried many at a time would else fill the service."""

_REMEMBERED = 4096
"""Addresses, and pairs of a key and an address; those that came last."""


class Strangers:
    """Remembers wrong keys by address, and keys that were right from there: those are never slowed.

    So that one guest cannot lock out the others behind the same proxy. To be used from one thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # When the last of an address's attempts was or will be looked at, counted on from AT_ONCE before that.
        self._due: OrderedDict[str, float] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def delay(self, address: str, digest: str) -> float:
        """Seconds for which this attempt has to wait. Raises WrongKeysError where that is too long."""
        if (address, digest) in self._known or address not in self._due:
            return 0.0
        wait = self._due[address] - self._clock()
        if wait > LONGEST:
            raise WrongKeysError(wait)
        if wait > 0:
            # Those that come meanwhile wait behind this one.
            self._due[address] += EVERY
        return max(0.0, wait)

    def was_wrong(self, address: str) -> None:
        """Count a wrong key."""
        now = self._clock()
        least = now - (AT_ONCE - 1) * EVERY
        due = self._due.pop(address, least)
        # One that had to wait was counted when it came.
        self._due[address] = due if due > now else max(due + EVERY, least)
        if len(self._due) > _REMEMBERED:
            self._due.popitem(last=False)

    def was_right(self, address: str, digest: str) -> None:
        """Remember a key that opens, so that it is not slowed with others from there."""
        self._known.pop((address, digest), None)
        self._known[address, digest] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

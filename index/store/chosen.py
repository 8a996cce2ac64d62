"""Which embedding model was chosen, as ``settings`` hands it down."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A folder, a hub name, or with ``url`` the name under which a service of OpenAI's form has the model.

    The key is kept out of every ``repr``, and so is the address, which may hold a password.
    """

    model: str
    url: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)

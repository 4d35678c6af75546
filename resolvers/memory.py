"""What was made once is kept for the next who needs it: what was asked for latest, up to a weight.

Weighed and not only counted, since whoever asks decides how large a document is, and what is made of it is larger yet.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Memory(Generic[Key, Kept]):
    """Keeps what was asked for latest, `most` of the usual size together, or one that outweighs them alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._kept: OrderedDict[Key, tuple[Kept, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def recall(self, key: Key) -> Kept | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Key, kept: Kept, *, weight: int = 1) -> None:
        """Keeps it in place of what was asked for longest ago."""
        self._weight += weight - self._kept.pop(key, (None, 0))[1]
        self._kept[key] = (kept, weight)
        while self._weight > self._most and len(self._kept) > 1:
            self._weight -= self._kept.popitem(last=False)[1][1]

    def forget(self) -> None:
        self._kept.clear()
        self._weight = 0

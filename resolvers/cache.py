"""What was made once is kept for the next who needs it: what was asked for latest, up to a weight.

Weighed and not only counted, since whoever asks decides how large a document is, and what is made of it is larger yet.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class LRUCache(Generic[_Key, _Value]):
    """Keeps what was asked for latest, `most` of the usual size together, or one that outweighs them alone."""

    def __init__(self, most: int) -> None:
        self._max_size = most
        self._size = 0
        self._values: OrderedDict[_Key, tuple[_Value, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: _Key) -> _Value | None:
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: _Key, kept: _Value, *, size: int = 1) -> None:
        """Keeps it in place of what was asked for longest ago."""
        self._size += size - self._values.pop(key, (None, 0))[1]
        self._values[key] = (kept, size)
        while self._size > self._max_size and len(self._values) > 1:
            self._size -= self._values.popitem(last=False)[1][1]

    def clear(self) -> None:
        self._values.clear()
        self._size = 0

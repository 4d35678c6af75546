"""A cache of what was used last, up to a total size.

It adds up sizes, because a requester decides how large a document is, and what is made of it is larger yet.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class LRUCache(Generic[_Key, _Value]):
    """Keeps the values used last, up to `max_size` together, or one larger value alone."""

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._size = 0
        self._values: OrderedDict[_Key, tuple[_Value, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def get(self, key: _Key) -> _Value | None:
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: _Key, value: _Value, *, size: int = 1) -> None:
        """Keeps a value, and drops those not used for longest."""
        self._size += size - self._values.pop(key, (None, 0))[1]
        self._values[key] = (value, size)
        while self._size > self._max_size and len(self._values) > 1:
            self._size -= self._values.popitem(last=False)[1][1]

    def clear(self) -> None:
        self._values.clear()
        self._size = 0

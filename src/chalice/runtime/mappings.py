"""The mappings of a request: a query with repeats, headers in any case."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class MultiDict(MutableMapping):  # type: ignore[type-arg]  # subscripting at run time would cost an import
    """A mapping of names to lists of values that reads as a mapping to the last value.

    >>> query = MultiDict({"tag": ["a", "b"]})
    >>> query["tag"], query.getlist("tag"), dict(query)
    ('b', ['a', 'b'], {'tag': 'b'})
    """

    def __init__(self, mapping: Mapping[str, list[Any]] | None) -> None:
        self._values: dict[str, list[Any]] = {
            name: list(values) if isinstance(values, list) else [values]
            for name, values in (mapping or {}).items()
        }

    def __getitem__(self, key: str) -> Any:
        values = self._values[key]
        if not values:
            raise KeyError(key)
        return values[-1]

    def __setitem__(self, key: str, value: Any) -> None:
        self._values[key] = [value]

    def __delitem__(self, key: str) -> None:
        del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return (name for name, values in self._values.items() if values)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"MultiDict({self._values!r})"

    def getlist(self, key: str) -> list[Any]:
        """Return all values of *key* in the order sent.

        Raises:
            KeyError: the key was not sent.
        """
        return list(self._values[key])


class CaseInsensitiveMapping(Mapping):  # type: ignore[type-arg]  # as above
    """A read-only mapping whose keys are found in any case and listed in lower case.

    >>> CaseInsensitiveMapping({"X-Id": "1"})["x-ID"]
    '1'
    """

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        self._values = {str(name).lower(): value for name, value in mapping.items()}

    def __getitem__(self, key: str) -> Any:
        return self._values[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"CaseInsensitiveMapping({self._values!r})"

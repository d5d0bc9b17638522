"""Frozen dataclasses that cost next to nothing until the first instance is made.

The standard library's `dataclass` compiles half a dozen methods per class when a module is
imported: 0.5 ms a class here, for some 140 classes most of which a till at rest never makes.
That alone was 9 times a bare interpreter, over a second on a 1 GHz thin client. Here only
`__init__` is compiled, at the first instance; the rest is shared.

Type checkers see the real thing, and what is supported behaves like it (a test compares the
two): ``@dataclass(frozen=True, slots=True, order=…)`` on a class without bases, defaults,
`ClassVar`, `__post_init__`, `replace`, `fields`, pattern matching.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, fields, is_dataclass, replace
else:
    from operator import attrgetter

    _MISSING = object()

    class _Field:
        """Name and default of a field."""

        __slots__ = ("default", "name")

        def __init__(self, name, default):
            self.name = name
            self.default = default

    def dataclass(*, frozen, slots, order=False):
        """The decorator; only frozen classes with slots."""
        assert frozen, "values do not change"
        assert slots, "values have nothing but their fields"
        return lambda cls: _make(cls, order=order)

    def fields(value):
        """The fields of a value or of its class, in order."""
        return value.__dataclass_fields__

    def is_dataclass(value):
        """Whether it is a value or the class of one."""
        return hasattr(value, "__dataclass_fields__")

    def replace(value, /, **changes):
        """The same value with some fields changed."""
        for name in value.__match_args__:
            if name not in changes:
                changes[name] = getattr(value, name)
        return type(value)(**changes)

    def _make(cls, *, order):
        annotations = cls.__dict__.get("__annotations__", {})
        names = tuple(name for name, kind in annotations.items() if not kind.startswith("ClassVar"))
        body = dict(cls.__dict__)
        defaults = {name: body.pop(name) for name in names if name in body}
        for name in ("__dict__", "__weakref__"):
            body.pop(name, None)
        body = _SHARED | (_ORDERED if order else {}) | body
        body["__slots__"] = body["__match_args__"] = names
        body["__dataclass_fields__"] = tuple(
            _Field(name, defaults.get(name, _MISSING)) for name in names
        )
        # By what values are compared: their fields, a single one as it is.
        body["_values"] = staticmethod(attrgetter(*names) if names else lambda _value: ())
        made = type(cls.__name__, (), body)
        made.__qualname__ = cls.__qualname__
        made.__init__ = _init_at_first_instance(made, names, defaults)
        return made

    def _init_at_first_instance(cls, names, defaults):
        def __init__(self, *values, **named):
            cls.__init__ = _compiled_init(cls, names, defaults)
            cls.__init__(self, *values, **named)

        return __init__

    def _compiled_init(cls, names, defaults):
        scope = {f"_set_{name}": getattr(cls, name).__set__ for name in names}
        scope |= {f"_default_{name}": default for name, default in defaults.items()}
        parameters = [f"{name}=_default_{name}" if name in defaults else name for name in names]
        lines = [f"def __init__({', '.join(['self', *parameters])}):"]
        lines += [f" _set_{name}(self, {name})" for name in names]
        if hasattr(cls, "__post_init__"):
            lines.append(" self.__post_init__()")
        exec("\n".join([*lines, " return None"]), scope)  # noqa: S102 - own field names
        scope["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
        return scope["__init__"]

    def _eq(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return self is other or self._values(self) == self._values(other)

    def _hash(self):
        return hash(self._values(self))

    def _repr(self):
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__qualname__}({shown})"

    def _frozen(self, name, *_value):
        message = f"cannot assign to field {name!r}"
        raise AttributeError(message)

    def _compare(method):
        def compare(self, other):
            if type(self) is not type(other):
                return NotImplemented
            return getattr(self._values(self), method)(self._values(other))

        return compare

    _SHARED = {
        "__eq__": _eq,
        "__hash__": _hash,
        "__repr__": _repr,
        "__setattr__": _frozen,
        "__delattr__": _frozen,
    }
    _ORDERED = {name: _compare(name) for name in ("__lt__", "__le__", "__gt__", "__ge__")}

__all__ = ["dataclass", "fields", "is_dataclass", "replace"]

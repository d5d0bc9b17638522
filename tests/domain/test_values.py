"""Our light dataclasses behave like the standard library's, where they are used."""

import dataclasses
from typing import ClassVar

import pytest

from kpos.domain import values


@pytest.fixture(params=[dataclasses, values], ids=["standard", "ours"])
def module(request):
    return request.param


def postponed(source, module):
    """Classes with string annotations, as `from __future__ import annotations` gives them."""
    scope = {"dataclass": module.dataclass, "ClassVar": ClassVar, "__name__": __name__}
    exec("from __future__ import annotations\n" + source, scope)
    return scope


POINT = """
@dataclass(frozen=True, slots=True, order=True)
class Point:
    '''A docstring.'''
    x: int
    y: int = 7
    unit: ClassVar[str] = "mm"
    @property
    def total(self):
        return self.x + self.y

@dataclass(frozen=True, slots=True)
class Other:
    x: int
    y: int = 7

@dataclass(frozen=True, slots=True)
class Secret:
    digits: str
    def __post_init__(self):
        if not self.digits:
            raise ValueError("no digits")
    def __repr__(self):
        return "Secret(…)"
    def __hash__(self):
        return 7

@dataclass(frozen=True, slots=True)
class Empty:
    '''Nothing inside.'''
"""


@pytest.fixture
def made(module):
    return postponed(POINT, module)


def test_a_value_is_made_by_place_or_name_and_knows_its_defaults(made):
    point = made["Point"]
    assert point(1) == point(x=1, y=7) == point(1, 7)
    assert point(1, 2).total == 3
    assert point.unit == "mm"
    assert point.__doc__ == "A docstring."
    assert repr(point(1)) == "Point(x=1, y=7)"


@pytest.mark.parametrize("wrong", [(), (1, 2, 3)])
def test_too_few_or_too_many_are_refused(made, wrong):
    for _ in range(2):
        with pytest.raises(TypeError):
            made["Point"](*wrong)
    with pytest.raises(TypeError):
        made["Point"](1, z=2)


def test_a_value_never_changes_and_has_nothing_else(made):
    point = made["Point"](1)
    for name in ("x", "unknown"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(point, name, 5)
    with pytest.raises((AttributeError, TypeError)):
        del point.x
    assert not hasattr(point, "__dict__")


def test_equal_values_are_one_key_and_other_classes_are_other_values(made):
    point, other = made["Point"], made["Other"]
    assert {point(1): "a"}[point(1)] == "a"
    assert point(1) != other(1)
    assert point(1) != (1, 7)
    same = point(1)
    assert same == same
    assert made["Empty"]() == made["Empty"]()


def test_ordered_values_are_ordered_like_tuples(made):
    point = made["Point"]
    assert point(1) < point(2)
    assert point(1, 9) >= point(1, 8)
    assert max(point(1), point(3), point(2)) == point(3)
    with pytest.raises(TypeError):
        assert point(1) < (2, 2)
    with pytest.raises(TypeError):
        assert made["Other"](1) < made["Other"](2)


def test_an_own_check_repr_and_hash_are_kept(made):
    assert repr(made["Secret"]("1234")) == "Secret(…)"
    assert hash(made["Secret"]("1234")) == 7
    with pytest.raises(ValueError, match="no digits"):
        made["Secret"]("")


def test_replace_and_fields(made, module):
    point = made["Point"]
    assert module.replace(point(1), y=2) == point(1, 2)
    assert [field.name for field in module.fields(point)] == ["x", "y"]
    assert module.fields(point)[1].default == 7
    assert module.is_dataclass(point(1))
    assert not module.is_dataclass(7)
    match point(1, 2):
        case made_point if made_point.__match_args__ == ("x", "y"):
            pass
        case _:
            pytest.fail("matches by place")

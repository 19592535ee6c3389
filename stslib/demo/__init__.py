"""A generated school, as the files it would export, and a trajectory."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stslib.demo.make import DemoSummary as DemoSummary
    from stslib.demo.make import make_demo as make_demo

_LAZY = {"make_demo": "make", "DemoSummary": "make", "DEMO_SCHOOL": "school"}

__all__ = ["DEMO_SCHOOL", "DemoSummary", "make_demo"]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'stslib.demo' has no attribute {name!r}")
    return getattr(import_module(f"stslib.demo.{_LAZY[name]}"), name)

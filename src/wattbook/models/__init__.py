"""Small models that the chapters let a reader move: pure functions, no files read or written.

Money is in whatever currency goes in, and comes out in the same.  Shares and growth rates are fractions (0.25 for
25%).  Where an argument is of type `Value`, a number gives a number and an array gives an array, element by element.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
Value: TypeAlias = float | FloatArray


def positive(name: str, value: Value) -> None:
    """Raise ValueError unless every element of ``value`` is a number above 0."""
    if not np.all(np.isfinite(value) & (np.asarray(value) > 0)):
        raise ValueError(f"{name} must be above 0, not {value}")


def not_negative(name: str, value: Value) -> None:
    """Raise ValueError unless every element of ``value`` is a number of at least 0."""
    if not np.all(np.isfinite(value) & (np.asarray(value) >= 0)):
        raise ValueError(f"{name} must not be below 0, not {value}")


def share(name: str, value: Value) -> None:
    """Raise ValueError unless every element of ``value`` is a fraction from 0 to 1."""
    if not np.all((np.asarray(value) >= 0) & (np.asarray(value) <= 1)):
        raise ValueError(f"{name} must be a fraction from 0 to 1, not {value}")

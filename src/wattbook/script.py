"""The two scripts of Chinese."""

from functools import cache

import opencc


@cache
def to_simplified_converter() -> opencc.OpenCC:
    """Give OpenCC's Traditional-to-Simplified converter (``t2s``), loaded once."""
    return opencc.OpenCC("t2s")

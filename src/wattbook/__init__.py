"""Watts, Wafers, Write-offs: the analysis code behind the book."""

from importlib.metadata import version

__version__ = version("wattbook")

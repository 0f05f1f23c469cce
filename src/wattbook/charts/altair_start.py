"""Imports Altair without what takes longest: two seconds in each process.

Altair imports jsonschema, and that a grammar of internationalised addresses, which no chart asks for.  The grammar is
out of sight only while Altair is imported here for the first time.
"""

import sys

_GRAMMAR = "rfc3987_syntax"

if "altair" not in sys.modules and _GRAMMAR not in sys.modules:
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    try:
        import altair  # noqa: F401
    finally:
        del sys.modules[_GRAMMAR]

"""Numbers that measure something, found in Chinese text.

`find_quantities` gives every quantity with its span, its value in a canonical unit and its modifier.
`find_numbers` and `find_ordinals` are the layer below: numerals alone, whatever they count.
"""

from wattbook.quantities.numerals import Numeral, find_numbers, find_ordinals
from wattbook.quantities.scan import Quantity, find_quantities

__all__ = ["Numeral", "Quantity", "find_numbers", "find_ordinals", "find_quantities"]

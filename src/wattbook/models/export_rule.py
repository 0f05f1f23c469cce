"""The US export rule for AI chips as a calculator: what performance makes a chip need a licence.

Thresholds are those of Export Control Classification Number (ECCN) 3A090 in the Commerce Control List, 15 CFR part 774,
Supplement No. 1, as published in 87 FR 62186 (`bis2022`) and 88 FR 73458 (`bis2023`), and those of the licence review
policy of 91 FR 1684 (`bis2026`).  A chip below them can still need a licence by a letter to its maker, by its buyer
or by its use; this is a reading aid, not legal advice.
"""

from typing import Literal, TypeAlias

from wattbook.models import Value, not_negative, positive

Limb: TypeAlias = Literal["3A090.a", "3A090.b"]


def total_processing_performance(tops: Value, bit_length: Value) -> Value:
    """Give the total processing performance (TPP) of a chip.

    TPP is 2 * MacTOPS * bit length of the operation, over all processing units of the chip; one multiply-accumulate
    counts as two operations, so that 2 * MacTOPS is the TOPS or TFLOPS of a data sheet.  Takes that figure for dense
    matrices (data sheets often print twice as much, for sparse ones) in 10**12 operations a second, and the bit length.
    The rule takes the highest TPP over all bit lengths.
    """
    not_negative("tops", tops)
    positive("bit_length", bit_length)
    return tops * bit_length


def performance_density(tpp: Value, die_area_mm2: Value) -> Value:
    """Give TPP per square millimetre of the applicable die area.

    That is the area of the chip's logic dies made in a process with non-planar transistors; memory and filler dies, and
    logic dies of older processes, are left out.
    """
    not_negative("tpp", tpp)
    positive("die_area_mm2", die_area_mm2)
    return tpp / die_area_mm2


def classify_2022(tpp: float, io_gb_per_s: float) -> Limb | None:
    """Tell whether the rule of October 2022 (87 FR 62186) controls a chip.

    Takes its TPP and the aggregate two-way transfer rate of its inputs and outputs other than to volatile memory, in
    GB/s.  Gives ``3A090.a`` where TPP >= 4800 and the rate >= 600 GB/s, else None.
    """
    not_negative("tpp", tpp)
    not_negative("io_gb_per_s", io_gb_per_s)
    return "3A090.a" if tpp >= 4800 and io_gb_per_s >= 600 else None


def classify(tpp: float, density: float, datacenter: bool = True) -> Limb | None:
    """Tell which limb of the rule of October 2023 (88 FR 73458) controls a chip.

    Takes its TPP, its performance density (TPP per mm2; 0 where no die has non-planar transistors) and whether it is
    designed or marketed for data centres.  Gives

    - ``3A090.a``: TPP >= 4800, or TPP >= 1600 and density >= 5.92;
    - ``3A090.b``: 2400 <= TPP < 4800 and 1.6 <= density < 5.92, or TPP >= 1600 and 3.2 <= density < 5.92;
    - None otherwise, and (Note 2 of the entry) for a chip not meant for data centres with TPP < 4800.
    """
    not_negative("tpp", tpp)
    not_negative("density", density)
    if tpp >= 4800:
        return "3A090.a"
    if tpp < 1600 or not datacenter:
        return None
    if density >= 5.92:
        return "3A090.a"
    if density >= 3.2 or (tpp >= 2400 and density >= 1.6):
        return "3A090.b"
    return None


def controlled_density(tpp: float, datacenter: bool = True) -> float | None:
    """Tell from which performance density on the rule of October 2023 controls a chip of a given TPP.

    3.2 from a TPP of 1600 and 1.6 from one of 2400; 0 from 4800 on, where no density is asked for; None where no
    density is enough: below 1600, or below 4800 for a chip not meant for data centres.
    """
    not_negative("tpp", tpp)
    if tpp >= 4800:
        return 0.0
    if tpp < 1600 or not datacenter:
        return None
    return 1.6 if tpp >= 2400 else 3.2


def case_by_case_2026(tpp: float, dram_gb_per_s: float) -> bool:
    """Tell whether a chip is below both caps of the licence review policy of January 2026 (91 FR 1684).

    Takes its TPP and its total DRAM bandwidth in GB/s.  True where TPP < 21000 and bandwidth < 6500 GB/s: a licence for
    export from the United States to China or Macau is then decided case by case, on further conditions, instead of
    presumed denied.
    """
    not_negative("tpp", tpp)
    not_negative("dram_gb_per_s", dram_gb_per_s)
    return tpp < 21000 and dram_gb_per_s < 6500

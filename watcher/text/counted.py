"""pure: (number, noun) -> "1 match", "1,212 items"; number of bytes -> "24 MiB"."""

_UNITS = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def counted(number: int, noun: str, plural: str = "s") -> str:
    """A number with its noun; `plural` is what the noun gets behind it for any number but one."""
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def size(count: int) -> str:
    """A number of bytes as people write it, to four digits."""
    unit, name = next(each for each in _UNITS if count >= each[0] or each is _UNITS[-1])
    return f"{count / unit:.4g} {name}"

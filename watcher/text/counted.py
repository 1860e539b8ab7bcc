"""pure: (number, noun) -> "1 match", "1,212 items"."""


def counted(number: int, noun: str, plural: str = "s") -> str:
    """A number with its noun; `plural` is what the noun gets behind it for any number but one."""
    return f"{number:,} {noun}{'' if number == 1 else plural}"

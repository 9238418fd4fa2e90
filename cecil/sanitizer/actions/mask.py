"""mask: as many stars as there were characters; the last few may stay."""

STAR = "*"


def masked(text: str, keep_last: int = 0) -> str:
    """Stars for every character but the last `keep_last`.

    A text that is not at least twice as long as what would stay is masked whole: four digits of a
    five digit number are no mask.
    """
    if keep_last and len(text) >= 2 * keep_last:
        return STAR * (len(text) - keep_last) + text[-keep_last:]
    return STAR * len(text)

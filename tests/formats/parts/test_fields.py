from __future__ import annotations

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.parts.fields import field_rows, is_number, number_of


def test_comments_and_empty_lines_are_skipped() -> None:
    """Rows keep the numbers of their lines, and the last field may hold spaces."""
    text = ";; a comment\n\nm 1 A  so it is \n"
    assert list(field_rows(text)) == [(3, ["m", "1", "A", "so", "it", "is"])]
    assert list(field_rows(text, 4)) == [(3, ["m", "1", "A", "so it is "])]


@pytest.mark.parametrize(("field", "valid"), [("0", True), ("1e3", True), ("-1", False), ("nan", False), ("x", False)])
def test_numbers(field: str, valid: bool) -> None:
    """A number is finite and not negative; anything else is refused with its place."""
    assert is_number(field) is valid
    if valid:
        assert number_of(["m", field], 1, "a.stm, line 2", "fix") == float(field)
    else:
        with pytest.raises(InputError, match=r"a\.stm, line 2: field 2 must be a number"):
            number_of(["m", field], 1, "a.stm, line 2", "fix")


def test_missing_fields_are_refused() -> None:
    """A line that ends before the number is refused with its place and the fix."""
    with pytest.raises(InputError, match="field 4 must be a number") as caught:
        number_of(["m"], 3, "a.stm, line 2", "Write a line as: …")
    assert "Write a line as" in str(caught.value)

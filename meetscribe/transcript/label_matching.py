"""One-to-one matching of speaker labels by shared duration or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def optimal_pairs(table: Sequence[Sequence[float]], *, maximize: bool = False) -> list[tuple[int, int]]:
    """Return the (row, column) pairs with the minimum or maximum sum, using each row and column at most once.

    The number of pairs is the smaller dimension of the table. Uses SciPy's linear sum assignment; sums of integers are
    exact up to 2**53.
    """
    if not table or not table[0]:
        return []
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    rows, columns = linear_sum_assignment(table, maximize=maximize)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def match_labels(shared: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """Return the hypothesis label for each reference label in the match with the maximum total shared amount.

    `shared` holds the seconds or words that a reference label and a hypothesis label have in common. A reference label
    that shares nothing, or is left over in the one-to-one match, has no entry.
    """
    references = list(dict.fromkeys(reference for reference, _ in shared))
    hypotheses = list(dict.fromkeys(hypothesis for _, hypothesis in shared))
    table = [[shared.get((reference, hypothesis), 0) for hypothesis in hypotheses] for reference in references]
    pairs = optimal_pairs(table, maximize=True)
    return {references[row]: hypotheses[column] for row, column in pairs if table[row][column] > 0}

"""One-to-one matching of speakers; what makes a match good is not here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def optimal_pairs(table: Sequence[Sequence[float]], *, maximize: bool = False) -> list[tuple[int, int]]:
    """The (row, column) pairs, each row and column at most once, with the least sum, or the greatest.

    As many pairs as the table (rows, columns) has rows or columns, whichever are fewer. Kuhn's Hungarian
    method, as SciPy has it; sums of whole numbers are exact up to 2**53.
    """
    if not table or not table[0]:
        return []
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    rows, columns = linear_sum_assignment(table, maximize=maximize)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def match_labels(shared: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """For each label of the reference its match, so that most is shared in all; without one, no entry.

    `shared` holds what a label of the reference and one of the hypothesis have in common: time, or words.
    """
    references = list(dict.fromkeys(reference for reference, _ in shared))
    hypotheses = list(dict.fromkeys(hypothesis for _, hypothesis in shared))
    table = [[shared.get((reference, hypothesis), 0) for hypothesis in hypotheses] for reference in references]
    pairs = optimal_pairs(table, maximize=True)
    return {references[row]: hypotheses[column] for row, column in pairs if table[row][column] > 0}

"""Reference values for lib/datasets/review: Cohen's kappa by scikit-learn, null where it is undefined.

Reads {"pairs": [[first ratings, second ratings], ...]} from standard input, writes a list of numbers (or null) to standard output.
"""

import json
import math
import sys
import warnings

from sklearn.metrics import cohen_kappa_score


def kappa(first: list[str], second: list[str]) -> float | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(cohen_kappa_score(first, second))
    return None if math.isnan(value) else value


if __name__ == "__main__":
    case = json.load(sys.stdin)
    json.dump([kappa(first, second) for first, second in case["pairs"]], sys.stdout)

"""Trees: conditions as a short series of questions, with what is found at the end of each branch."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.deciding.box import is_number
from experiments.drawing import drawing

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from sklearn.tree import DecisionTreeClassifier

DEEPEST, SMALLEST_SHARE, SMALLEST = 3, 0.05, 5
FOLDS = 5


@dataclass(frozen=True)
class Leaf:
    """The end of a branch: the answers that lead there, and in how many points it happens."""

    answers: tuple[str, ...]
    inside: int
    hits: int

    @property
    def share(self) -> float:
        """Share of the points there where it happens."""
        return self.hits / self.inside

    def __str__(self) -> str:
        return " and ".join(self.answers) or "anywhere"


@dataclass(frozen=True)
class Tree:
    """A tree, and how often it is right about points that it has not seen.

    Attributes
    ----------
    leaves
        From the one where it happens most to the one where least.
    right, guess
        Share of unseen points that it tells rightly, and that always guessing what is commoner does;
        NaN where one answer is too rare to hold some out.
    """

    leaves: tuple[Leaf, ...]
    right: float
    guess: float
    fitted: "DecisionTreeClassifier"
    columns: tuple[str, ...]


def grow(points: "pd.DataFrame", happens: "NDArray[np.bool_]") -> Tree:
    """Return a tree of at most three questions a branch.

    Parameters
    ----------
    points
        A row a point and a column a factor.
    happens
        Where it does, shape ``(points,)``.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    coded = coded_as_numbers(points)
    least = max(SMALLEST, int(SMALLEST_SHARE * len(points)))
    tree = DecisionTreeClassifier(max_depth=DEEPEST, min_samples_leaf=least, random_state=0)
    rarer = min(int(happens.sum()), int((~happens).sum()))
    right = float("nan")
    if rarer >= FOLDS:
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        right = float(cross_val_score(tree, coded.to_numpy(), happens, cv=folds).mean())
    tree.fit(coded.to_numpy(), happens)
    leaves = sorted(_leaves(tree, coded, happens), key=lambda leaf: (-leaf.share, -leaf.inside))
    return Tree(tuple(leaves), right, 1 - rarer / len(points), tree, tuple(map(str, coded.columns)))


def coded_as_numbers(points: "pd.DataFrame") -> "pd.DataFrame":
    """Return factors as numbers: one without order becomes a column of 0 and 1 a value."""
    import pandas as pd

    parts = []
    for name in points.columns:
        own = points[name]
        if is_number(own):
            parts.append(own.astype(float))
        else:
            parts += [
                (own == value).astype(float).rename(f"{name} is {value}") for value in dict.fromkeys(own)
            ]
    return pd.concat(parts, axis=1)


def draw(tree: Tree, path: Path, yes: str, no: str) -> Path:
    """Draw a tree and return the path of the PNG.

    Parameters
    ----------
    tree
        The tree.
    path
        The PNG to write.
    yes, no
        What it is called where it happens, and where not.
    """
    from sklearn.tree import plot_tree

    with drawing(path, size=(13, 6.5)) as (_, panes):
        boxes = plot_tree(
            tree.fitted, feature_names=list(tree.columns), class_names=[no, yes][-len(tree.fitted.classes_):],
            impurity=False, node_ids=True, filled=True, rounded=True, precision=3, fontsize=8, ax=panes[0, 0],
        )  # fmt: skip
        for box in boxes:
            found = re.search(r"node #(\d+)", box.get_text())
            box.set_text(_box(tree, int(found[1]), yes) if found else box.get_text().strip().lower())
    return path


def _box(tree: Tree, node: int, yes: str) -> str:
    """Return what stands in a box: in how many of its points it happens, and what is asked next."""
    inner: Any = tree.fitted.tree_
    inside = int(inner.n_node_samples[node])
    happens = list(tree.fitted.classes_).index(True) if True in tree.fitted.classes_ else None
    share = inner.value[node][0][happens] / inner.value[node][0].sum() if happens is not None else 0.0
    told = f"{round(inside * share)} of {inside}: {yes}"
    if inner.children_left[node] < 0:
        return told
    less, _ = _answers(tree.columns[inner.feature[node]], float(inner.threshold[node]))
    return f"{told}\n{less}?"


def _leaves(
    tree: "DecisionTreeClassifier", coded: "pd.DataFrame", happens: "NDArray[np.bool_]"
) -> Iterator[Leaf]:
    inner: Any = tree.tree_
    where = tree.apply(coded.to_numpy())

    def below(node: int, answers: dict[str, str]) -> Iterator[Leaf]:
        if inner.children_left[node] < 0:
            here = happens[where == node]
            yield Leaf(tuple(answers.values()), len(here), int(here.sum()))
            return
        name, cut = str(coded.columns[inner.feature[node]]), float(inner.threshold[node])
        less, more = _answers(name, cut)
        # A second question about a factor is the narrower one, and takes the place of the first.
        yield from below(inner.children_left[node], answers | {f"{name} less": less})
        yield from below(inner.children_right[node], answers | {f"{name} more": more})

    yield from below(0, {})


def _answers(name: str, cut: float) -> tuple[str, str]:
    if " is " in name:
        return name.replace(" is ", " is not ", 1), name
    return f"{name} up to {cut:.4g}", f"{name} above {cut:.4g}"

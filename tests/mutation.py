"""Mutants: one small mistake each, put into a room of the simulation.

A sample is drawn of them, declarations and removed statements included, and each meets only the tests that
pass through its line.
"""

import ast
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
RECKONED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
#: Words about a parameter, which no run looks at.
WORDS = {"label", "source", "because", "unit", "likely", "confidence"}


class Mutant(NamedTuple):
    """One mistake: where, of which kind, and what becomes of what."""

    file: str
    line: int
    column: int
    operator: str
    was: str
    becomes: str
    #: Which of the file's places for a mistake it is.
    number: int


def mutants(file: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file, in the order of its text."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for number, (node, operator, new) in enumerate(_mistakes(tree)):
        place = (f"{file.parent.name}/{file.name}", node.lineno, node.col_offset + 1)
        yield Mutant(*place, operator, ast.unparse(node), ast.unparse(new), number)


def mutated(text: str, number: int) -> str:
    """Return a file's text with one of its mistakes made."""
    tree = ast.parse(text)
    for place, (node, _, new) in enumerate(_mistakes(tree)):
        if place == number:
            ast.copy_location(new, node)
            return ast.unparse(ast.fix_missing_locations(_Exchange(node, new).visit(tree)))
    raise IndexError(number)


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().visit(node)


Place = tuple[ast.expr | ast.stmt, str, ast.AST]


def _mistakes(tree: ast.AST) -> Iterator[Place]:
    """Yield each place for a mistake, with its kind and what would stand there."""
    for node in _looked_at(tree):
        match node:
            case ast.Compare(ops=[op]) if type(op) in COMPARED:
                new = deepcopy(node)
                new.ops = [COMPARED[type(op)]()]
                yield node, "comparison", new
            case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in RECKONED:
                new = deepcopy(node)
                new.op = RECKONED[type(op)]()
                yield node, "arithmetic", new
            case ast.BoolOp(op=op):
                new = deepcopy(node)
                new.op = ast.Or() if isinstance(op, ast.And) else ast.And()
                yield node, "boolean", new
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                yield node, "boolean", deepcopy(operand)
            case ast.Constant(value=bool(value)):
                yield node, "constant", ast.Constant(not value)
            case ast.Constant(value=int(value) | float(value)):
                yield node, "constant", ast.Constant(value * 1.5 if value % 1 else value + 1)
            case ast.Return(value=ast.expr()):
                yield node, "returned value", ast.Return(ast.Constant(None))
            case ast.Expr(value=ast.Call()):
                yield node, "removed statement", ast.Pass()
            case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
                yield node, "removed statement", ast.Pass()


def _looked_at(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield what a run passes through, in the order of the text: no annotation, no word about a parameter."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "type_params", "type_ignores"):
            continue
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, ast.AST) or isinstance(part, ast.Raise):
                continue
            if isinstance(part, ast.keyword) and part.arg in WORDS:
                continue
            if isinstance(part, ast.expr | ast.stmt):
                yield part
            yield from _looked_at(part)

"""What a specification says that code can be held against: the ground of every criterion."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lift_sys.checking.constants import Constants, constants_of_ir
from lift_sys.ir import IR, Assertion, Predicate, assertions, conditions, meaning


@dataclass(frozen=True)
class Content:
    ir: IR

    @cached_property
    def constants(self) -> Constants:
        return constants_of_ir(self.ir)

    @cached_property
    def claims(self) -> int:
        """Different things said of the outcome: assertions and examples that could fail, and
        branches that say what comes out."""
        said = [Assertion(predicate=each.source) for each in self.outcomes]
        different = meaning(self.ir.model_copy(update={"assertions": tuple(said)}))["assertions"]
        branches = {
            (effect.when, repr(effect.return_values), effect.raises)
            for effect in self.ir.effects
            if effect.return_values or effect.raises
        }
        return len(set(different)) + len(branches)

    @cached_property
    def outcomes(self) -> list[Predicate]:
        """Assertions about the outcome that code could break."""
        return [
            each
            for _, each in assertions(self.ir)
            if not each.about_inputs_only and (each.is_example or not _empty(_tree(each)))
        ]

    @cached_property
    def total(self) -> bool:
        """Whether it says for every input what comes out: an equation, or branches to the last."""
        if any(_equation(_tree(each)) for each in self.outcomes if not each.is_example):
            return True
        rest = [effect for effect in self.ir.effects if effect.when is None]
        return any(effect.return_values or effect.raises for effect in rest)

    @cached_property
    def trees(self) -> list[ast.expr]:
        """Of every condition and assertion but examples."""
        every = [each for _, each in (*conditions(self.ir), *assertions(self.ir))]
        return [_tree(each) for each in every if not each.is_example]

    @cached_property
    def arguments(self) -> list[tuple[str, Any]]:
        """What examples pass, by parameter."""
        names = [parameter.name for parameter in self.ir.signature.parameters]
        return [
            pair
            for _, each in assertions(self.ir)
            if each.example is not None
            for pair in (*zip(names, each.example.args, strict=False), *each.example.kwargs)
        ]

    def nodes(self) -> Iterator[ast.AST]:
        for tree in self.trees:
            yield from ast.walk(tree)


def _tree(predicate: Predicate) -> ast.expr:
    return ast.parse(predicate.source, mode="eval").body


def _equation(tree: ast.expr) -> bool:
    match tree:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            sides = [left, right]
            return any(_is_result(side) for side in sides) and not all(map(_is_result, sides))
        case _:
            return False


def _is_result(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "result"


def _empty(tree: ast.expr) -> bool:
    """True whatever the code does, or merely the return type once more."""
    match tree:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id="result"), _]):
            return True
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is() | ast.LtE() | ast.GtE()]):
            return ast.dump(left) == ast.dump(tree.comparators[0])
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(map(_empty, values))
        case ast.BoolOp(values=values):
            return all(map(_empty, values))
        case _:
            return False

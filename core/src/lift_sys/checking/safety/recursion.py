"""Functions that call themselves for ever."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...interfaces import Finding
from ..flow import breaks, is_always_true
from ..scopes import is_generator, own_nodes
from ._module import Module, finding


def endless_recursion(module: Module) -> Iterator[Finding]:
    for function in module.functions:
        calls = _self_calls(module, function)
        if not calls or is_generator(function):
            continue
        if not _Paths(frozenset(calls)).can_end(function.body):
            yield finding(
                "endless-recursion",
                "error",
                calls[0].lineno,
                f"{function.name} calls itself on every path",
                "return without the call where the argument is smallest",
            )
            continue
        same = next((call for call in calls if _is_same_call(call, function)), None)
        if same is not None:
            yield finding(
                "endless-recursion",
                "error",
                same.lineno,
                f"{function.name} calls itself with the very arguments that it was given",
                "make the argument smaller in the call",
            )


def _self_calls(module: Module, function: ast.FunctionDef) -> list[ast.Call]:
    owner = next(
        (it.scope for it in module.names.mentions if it.node is function and it.binds), None
    )
    if owner is None or owner.kind == "class":
        return []
    named = {it.node for it in module.names.of(owner, function.name) if it.reads}
    nodes = own_nodes(function)
    return [node for node in nodes if isinstance(node, ast.Call) and node.func in named]


def _is_same_call(call: ast.Call, function: ast.FunctionDef) -> bool:
    """Its arguments are the parameters, in order, and nothing changes what these mean."""
    parameters = [argument.arg for argument in function.args.args]
    given = [argument.id for argument in call.args if isinstance(argument, ast.Name)]
    if given != parameters or len(call.args) != len(parameters) or call.keywords or not parameters:
        return False
    return not any(_may_change(node, call, set(parameters)) for node in own_nodes(function))


def _may_change(node: ast.AST, call: ast.Call, names: set[str]) -> bool:
    """Assigned, or an object that a method or another call may change."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return name in names
        case ast.Nonlocal() | ast.Global() | ast.Yield():
            return True
        case ast.Attribute(value=ast.Name(id=name)):
            return name in names
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name in names
        case ast.Call() if node is not call:
            return _may_change_arguments(node, names)
        case _:
            return False


_HARMLESS = frozenset({"abs", "bool", "float", "int", "isinstance", "len", "max", "min", "print"})


def _may_change_arguments(node: ast.Call, names: set[str]) -> bool:
    if isinstance(node.func, ast.Name) and node.func.id in _HARMLESS | {"range", "str", "sum"}:
        return False
    return any(isinstance(it, ast.Name) and it.id in names for it in node.args)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What can be reached without a call of the function itself."""

    passes: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class _Paths:
    calls: frozenset[ast.Call]

    def can_end(self, body: Sequence[ast.stmt]) -> bool:
        outcome = self._block(body)
        return outcome.passes or outcome.leaves

    def _block(self, body: Sequence[ast.stmt]) -> _Outcome:
        leaves = False
        for node in body:
            outcome = self._statement(node)
            leaves |= outcome.leaves
            if not outcome.passes:
                return _Outcome(False, leaves)
        return _Outcome(True, leaves)

    def _statement(self, node: ast.stmt) -> _Outcome:
        match node:
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                return _Outcome(False, not self._called_by(node))
            case ast.If(test=test, body=body, orelse=orelse):
                if self._called_by(test):
                    return _Outcome(False, False)
                return _either(self._block(body), self._block(orelse))
            case ast.For(iter=first) | ast.While(test=first):
                if self._called_by(first):
                    return _Outcome(False, False)
                inside = self._block(node.body)
                endless = isinstance(node, ast.While) and is_always_true(node.test)
                return _Outcome(breaks(node) or not endless, inside.leaves)
            case ast.With(items=items, body=body):
                if any(self._called_by(item.context_expr) for item in items):
                    return _Outcome(False, False)
                return self._block(body)
            case ast.Try():
                return self._try(node)
            case ast.Match(subject=subject, cases=cases):
                if self._called_by(subject):
                    return _Outcome(False, False)
                outcomes = [self._block(case.body) for case in cases]
                return _either(_Outcome(True, False), *outcomes)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return _Outcome(True, False)
            case _:
                return _Outcome(not self._called_by(node), False)

    def _try(self, node: ast.Try) -> _Outcome:
        handlers = [self._block(handler.body) for handler in node.handlers]
        final = self._block(node.finalbody)
        outcome = _either(self._block([*node.body, *node.orelse]), *handlers)
        return _Outcome(outcome.passes and final.passes, outcome.leaves or final.leaves)

    def _called_by(self, node: ast.AST) -> bool:
        """Whether evaluating it calls the function whatever the values are."""
        match node:
            case ast.Call() if node in self.calls:
                return True
            case ast.BoolOp(values=values):
                return self._called_by(values[0])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._called_by(test) or (self._called_by(body) and self._called_by(orelse))
            case ast.Lambda():
                return False
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self._called_by(node.generators[0].iter)
            case _:
                return any(self._called_by(child) for child in ast.iter_child_nodes(node))


def _either(*outcomes: _Outcome) -> _Outcome:
    return _Outcome(any(it.passes for it in outcomes), any(it.leaves for it in outcomes))

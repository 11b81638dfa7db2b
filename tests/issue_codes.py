"""Find the codes of issues in the source of the package, by its syntax."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

# Where the code stands among the arguments; of functions that pass a code on this is found by their parameters.
_CLASSES = {"Issue": 0, "Doubt": 0, "Fault": 0, "PartIssue": 1, "AnswerError": 0}
_Known = Mapping[str, tuple[ast.expr, ...]]


def used_codes(package: Path) -> tuple[dict[str, str], list[str]]:
    """Map each code to a line that uses it, and list the lines whose code cannot be seen."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(package.rglob("*.py"))}
    passing = {name: at for tree in trees.values() for name, at in _passing(tree)}
    # Constants that a module imports from another one.
    shared = {name: values for tree in trees.values() for name, values in _assigned(tree).items() if name.isupper()}
    used: dict[str, str] = {}
    unseen: list[str] = []
    for path, tree in trees.items():
        for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Module)):
            known = {**shared, **_assigned(tree), **_assigned(scope)}
            for node in _codes_in(scope, passing):
                codes = _values(node, known)
                place = f"{path.relative_to(package)}:{node.lineno}"
                used |= dict.fromkeys(codes or (), place)
                unseen += [] if codes is not None else [place]
    return used, unseen


def _passing(tree: ast.AST) -> Iterator[tuple[tuple[str, bool], int]]:
    """Find functions that pass a code and its text on, by name and whether they are methods."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or node.name == "__init__":
            continue
        names = [argument.arg for argument in node.args.args]
        keywords = [argument.arg for argument in node.args.kwonlyargs]
        if {"message", "text"} & {*names} and "code" in (*names, *keywords):
            method = names[0] in {"self", "cls"}
            yield (node.name, method), (names.index("code") - method if "code" in names else 99)


def _codes_in(scope: ast.FunctionDef | ast.Module, passing: Mapping[tuple[str, bool], int]) -> Iterator[ast.expr]:
    """List the codes that a function passes, or a module outside its functions, and those that are a default."""
    if isinstance(scope, ast.FunctionDef):
        named = zip(scope.args.kwonlyargs, scope.args.kw_defaults, strict=True)
        yield from (default for argument, default in named if argument.arg == "code" and default is not None)
    nodes: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef):
            continue
        nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.Call):
            method = isinstance(node.func, ast.Attribute)
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = _CLASSES.get(name, passing.get((name, method)))
            if at is not None:
                yield from (keyword.value for keyword in node.keywords if keyword.arg == "code")
                # Its message follows it: of two methods with one name this is the one that begins with the code.
                yield from node.args[at : at + 1] if at + 1 < len(node.args) else ()


def _assigned(scope: ast.AST) -> _Known:
    """Map names to what they are assigned, in a loop over a tuple to the first of each of its entries."""
    found: dict[str, tuple[ast.expr, ...]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = (*found.get(node.targets[0].id, ()), node.value)
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            name, value = node.targets[0].elts[0], node.value.elts[0]
            if isinstance(name, ast.Name):
                found[name.id] = (*found.get(name.id, ()), value)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Tuple):
            first = node.target.elts[0]
            if isinstance(first, ast.Name):
                found[first.id] = tuple(entry.elts[0] for entry in node.iter.elts if isinstance(entry, ast.Tuple))
    return found


def _values(node: ast.expr, known: _Known) -> tuple[str, ...] | None:
    """List the codes that an expression can be; None where that cannot be seen."""
    if isinstance(node, ast.Constant):
        return (str(node.value),)
    if isinstance(node, ast.IfExp):
        return _all((node.body, node.orelse), known)
    if isinstance(node, ast.Dict):
        return _all(node.values, known)
    if isinstance(node, ast.Name) and node.id in known:
        return _all(known[node.id], known)
    # A look-up with a default: `CODES.get(name, "...")` or `getattr(error, "code", "...")`.
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        return _all((node.func.value, node.args[1]), known)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        return _all(node.args[2:], known)
    # It comes from a caller or from another issue, where it is seen.
    passed = (isinstance(node, ast.Name) and node.id == "code") or (
        isinstance(node, ast.Attribute) and node.attr == "code"
    )
    return () if passed else None


def _all(nodes: "list[ast.expr] | tuple[ast.expr, ...]", known: _Known) -> tuple[str, ...] | None:
    found = [_values(node, known) for node in nodes]
    return None if None in found else tuple(code for codes in found for code in codes or ())

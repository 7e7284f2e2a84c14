"""A matrix to and from its canonical JSON; the parser refuses what it does not know and names the place."""

from __future__ import annotations

from dataclasses import asdict

from luytre.base.i18n import N_
from luytre.civic.coordination.rules import LONGEST_MIN, Line, Matrix, Signal, check
from luytre.civic.regulations.nodes import Node, canonical, heading, read_json, wrong
from luytre.civic.regulations.rules import Actor
from luytre.civic.tips.kinds import Kind


def write(matrix: Matrix) -> str:
    told = asdict(matrix)
    told["lines"] = {line.pop("kind"): line for line in told["lines"]}
    return canonical(told)


def read(text: str) -> Matrix:
    """Errors: UsageError whose subject is the path of what is wrong."""
    whole = read_json(text)
    lines = whole.take("lines")
    found = Matrix(
        lines=tuple(_line(kind, lines.take(kind)) for kind in Kind.values),
        signals=whole.take("signals").items(_signal),
        duties=whole.take("duties").items(Node.line),
        heading=heading(whole.take("heading")),
    )
    lines.done()
    whole.done()
    check(found)
    return found


def _line(kind: str, node: Node) -> Line:
    found = Line(
        kind, node.take("first").kind(Actor), node.take("accept_min").number(1, LONGEST_MIN),
        node.take("arrive_min").number(1, LONGEST_MIN), node.take("backup").kind(Actor), node.take("hold").switch(),
    )  # fmt: skip
    node.done()
    return found


def _signal(node: Node) -> Signal:
    found = Signal(node.take("sign").line(), node.take("meaning").line())
    node.done()
    if found.sign == found.meaning:
        raise wrong(node.path, N_("a signal means something else than itself"))
    return found

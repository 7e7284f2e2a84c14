"""A matrix to and from its canonical JSON; the parser refuses what it does not know and names the place."""

from __future__ import annotations

from dataclasses import asdict

from luytre.base.i18n import N_
from luytre.civic.coordination.rules import DAY_MIN, LONGEST_MIN, Line, Matrix, Night, Signal, check
from luytre.civic.regulations.nodes import Node, canonical, heading, read_json, wrong
from luytre.civic.regulations.rules import Actor
from luytre.civic.tips.kinds import Kind


def write(matrix: Matrix) -> str:
    """Without a night nothing is said of it, so that texts from before there were nights stay equal to themselves."""
    told = asdict(matrix)
    told["lines"] = {line.pop("kind"): line for line in told["lines"]}
    if told["night"] is None:
        del told["night"]
    else:
        told["night"]["lines"] = {line.pop("kind"): line for line in told["night"]["lines"]}
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
        night=_night(whole.take("night")) if whole.has("night") else None,
    )
    lines.done()
    whole.done()
    check(found)
    return found


def _night(node: Node) -> Night:
    lines = node.take("lines")
    found = Night(
        node.take("start_min").number(0, DAY_MIN - 1), node.take("end_min").number(0, DAY_MIN - 1),
        tuple(_line(kind, lines.take(kind)) for kind in Kind.values if lines.has(kind)),
    )  # fmt: skip
    lines.done()
    node.done()
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

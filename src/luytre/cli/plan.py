"""`luytre plan`: where the next eyes go, from a GeoJSON file alone: no database, no account, nothing written."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, _
from luytre.civic.geometry.optics import Level
from luytre.civic.planning.optimum import USUAL_SECONDS, optimum
from luytre.civic.planning.plan_file import MOST_BYTES, PlanFile, read_plan
from luytre.civic.planning.problem import Answer, Limits, Problem, cost_vnd, covered_weight
from luytre.civic.planning.scene import Staged, stage
from luytre.civic.planning.wishes import WISH_WORDS, Conflict

MOST_FAULTS_SHOWN = 20


@click.group("plan", help=_("Find where the next eyes go."))
def plan() -> None:
    pass


@plan.command("optimise", help=_("Choose the eyes that cover most, and prove that no choice covers more."))
@click.option(
    "--input", "source", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help=_("PLAN.geojson.")
)
@click.option("--eyes", type=click.IntRange(0, 10_000), help=_("At most so many new eyes; without it, all that the budget buys."))
@click.option("--budget", type=click.IntRange(min=0), help=_("What all new eyes may cost together, in dong."))
@click.option(
    "--level",
    type=click.Choice([level.value for level in Level]),
    default=Level.DETECT.value,
    help=_("What the eyes must allow."),
)
@click.option(
    "--least", "least", multiple=True, metavar="HAMLET=N", help=_("At least N new eyes in this hamlet; may be repeated.")
)
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=USUAL_SECONDS, help=_("End after so long, with the bound proven by then.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON alone."))
def optimise(
    source: Path, eyes: int | None, budget: int | None, level: str, least: tuple[str, ...], seconds: float, as_json: bool
) -> None:
    if eyes is None and budget is None:
        raise click.UsageError(_("--eyes or --budget is needed"))
    found = _read(source, Level(level))
    staged = stage(found.scene, Limits(eyes, budget, _least(least, found)))
    answer = optimum(staged.problem, seconds)
    if answer is None:
        _say_why_not(staged.problem)
    else:
        if not as_json:
            _say(found, staged, answer)
        click.echo(json.dumps(_as_json(found, staged, answer, level), ensure_ascii=False))


def _read(source: Path, level: Level) -> PlanFile:
    if source.stat().st_size > MOST_BYTES:
        raise UsageError(N_("this file is too large"), subject=source.name)
    try:
        found = read_plan(source.read_bytes(), level)
    except UsageError as error:
        raise UsageError(error.cause, operation=source.name, subject=error.subject, hint=error.hint) from error
    for fault in found.faults[:MOST_FAULTS_SHOWN]:
        name = f" ({fault.id})" if fault.id else ""
        feature = _("feature {number}").format(number=fault.number)
        click.echo(f"{source.name}: {feature}{name}: {fault.error}", err=True)
    if found.faults:
        raise UsageError(N_("the plan's file has faults; nothing was computed"), subject=f"{source.name}: {len(found.faults)}")
    return found


def _least(given: tuple[str, ...], found: PlanFile) -> dict[str, int]:
    wanted = {}
    hamlets = {candidate.site.hamlet for candidate in found.scene.candidates}
    for each in given:
        hamlet, _sign, number = each.rpartition("=")
        if not number.isascii() or not number.isdigit() or hamlet not in hamlets:
            raise click.UsageError(_("--least is written HAMLET=N, with a hamlet of the candidates: {text}").format(text=each))
        wanted[hamlet] = int(number)
    return wanted


def _as_json(found: PlanFile, staged: Staged, answer: Answer, level: str) -> dict[str, Any]:
    problem = staged.problem
    chosen = [problem.options[number] for number in answer.chosen]
    return {
        "chosen": [{"candidate": found.ids[option.site], "bearing_deg": option.bearing_deg} for option in chosen],
        "covered_weight": answer.covered_weight,
        "bound": answer.bound,
        "gap": answer.gap,
        "greedy_weight": answer.greedy_weight,
        "runtime_s": round(answer.runtime_s, 3),
        "status": answer.status,
        "level": level,
        "present_weight": covered_weight(problem, []),
        "total_weight": float(problem.weights.sum()),
        "cost_vnd": cost_vnd(problem, answer.chosen),
        "left_out": [{"candidate": found.ids[site], "bearing_deg": bearing} for site, bearing in staged.left_out],
    }


def _say(found: PlanFile, staged: Staged, answer: Answer) -> None:
    problem, before = staged.problem, covered_weight(staged.problem, [])
    total = float(problem.weights.sum()) or 1.0
    for number in answer.chosen:
        option = problem.options[number]
        alone = answer.covered_weight - covered_weight(problem, [other for other in answer.chosen if other != number])
        name = problem.sites[option.site].name or str(found.ids[option.site])
        click.echo(
            _("{name}, bearing {bearing:g}°: only it sees {alone:g}").format(name=name, bearing=option.bearing_deg, alone=alone)
        )
    words = _("Covered: {covered:g} of {total:g} ({share:.1%}); before: {before:g}; greedy: {greedy}; proven bound: {bound:g}.")
    greedy = "–" if answer.greedy_weight is None else f"{answer.greedy_weight:g}"
    share = answer.covered_weight / total
    click.echo(
        words.format(covered=answer.covered_weight, total=total, share=share, before=before, greedy=greedy, bound=answer.bound)
    )


def _say_why_not(problem: Problem) -> None:
    """Exit 1, with what makes the plan impossible."""
    from luytre.civic.planning.infeasible import why_not

    conflicts = why_not(problem)
    click.echo(_("There is no such plan. What makes it impossible:"), err=True)
    for each in conflicts:
        click.echo(f"- {_words(each)}", err=True)
    listed = [{"wish": each.wish, "key": each.key, "wanted": each.wanted, "possible": each.possible} for each in conflicts]
    click.echo(json.dumps({"chosen": None, "infeasible": listed}, ensure_ascii=False))
    sys.exit(1)


def _words(conflict: Conflict) -> str:
    named = replace(conflict, name=conflict.name or conflict.key)
    return _(WISH_WORDS[named.wish]).format(name=named.name, wanted=named.wanted, possible=named.possible)

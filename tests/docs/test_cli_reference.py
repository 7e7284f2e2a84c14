"""ref/cli.md against the commands: every one, every option, every argument, and none that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from luytre.cli.main import commands
from luytre.simulate.quirks import NAMED
from tests.docs.reference import codes_in_first_cells, page, sections

PAGE = "ref/cli.md"


def walk(command: click.Command, name: str, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            below = command.get_command(context, part)
            assert below is not None
            yield from walk(below, f"{name} {part}", click.Context(below, info_name=part, parent=context))


COMMANDS = dict(walk(commands, "luytre", click.Context(commands, info_name="luytre")))


def words_of(command: click.Command) -> set[str]:
    """Options as they are typed, arguments as `--help` shows them."""
    words: set[str] = set()
    for parameter in command.params:
        options = [*parameter.opts, *parameter.secondary_opts]
        words |= {parameter.make_metavar(click.Context(command))} if isinstance(parameter, click.Argument) else set(options)
    return words


def test_every_command_has_a_section_and_no_section_is_of_nothing() -> None:
    assert set(sections(page(PAGE))) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_and_argument_is_told_and_no_other(name: str) -> None:
    body = sections(page(PAGE))[name].partition("\n### ")[0]
    told = {code.split(" ")[0].split("=")[0] for code in codes_in_first_cells(body)}
    assert told == words_of(COMMANDS[name])


def test_every_misbehaviour_is_told() -> None:
    assert set(codes_in_first_cells(page(PAGE).partition("### Misbehaviours")[2])) == set(NAMED)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_tells_every_option(name: str) -> None:
    command = COMMANDS[name]
    shown = command.get_help(click.Context(command, info_name=name))
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}: no help"
            assert parameter.opts[-1] in shown

"""`luytre`: finds the command, sets the language, turns errors into one line and a hint."""

from __future__ import annotations

import importlib
import sys

import click

from luytre import __version__
from luytre.base.errors import LuytreError, UsageError
from luytre.base.i18n import N_, _, language_from_environment, use_language

COMMANDS: dict[str, tuple[str, str]] = {
    "record": ("luytre.cli.record", N_("Record cameras into an archive, without the web.")),
    "archive": ("luytre.cli.archive", N_("Check, rebuild, read and export an archive.")),
    "serve": ("luytre.cli.serve", N_("Run recorder, web and jobs.")),
    "simulate": ("luytre.cli.simulate", N_("Pretend to be cameras, over real RTSP.")),
    "camera": ("luytre.cli.camera", N_("Add, list, test and remove cameras.")),
    "plan": ("luytre.cli.plan", N_("Find where the next eyes go.")),
    "audit": ("luytre.cli.audit", N_("Prove that the logs are whole.")),
    "evidence": ("luytre.cli.evidence", N_("Make and check evidence packages, and look after their key.")),
    "appeals": ("luytre.cli.appeals", N_("Prove that what owners sent is whole.")),
    "user": ("luytre.cli.user", N_("Add people and set passwords.")),
}


class Commands(click.Group):
    """Loads a command's module at its first use; the list with its words needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(words)) for name, (_module, words) in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="luytre")
def commands() -> None:
    """Lũy Tre: cameras and rules of a commune."""


def main(arguments: list[str] | None = None) -> None:
    """The console script. Exit 2 for bad use, 1 for what could not be done."""
    use_language(language_from_environment())
    commands.help = _("Lũy Tre: cameras and rules of a commune.")
    try:
        code = commands.main(args=arguments, prog_name="luytre", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)  # without its standalone mode click returns what ctx.exit() said
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except LuytreError as error:
        click.echo(error.sentence(), err=True)
        if error.advice():
            click.echo(error.advice(), err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except OSError as error:
        click.echo(f"{error.strerror or error}" + (f": {error.filename}" if error.filename else ""), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

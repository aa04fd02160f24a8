"""The entrance for a web server (`waitress-serve wsgi:application`) and for `flask --app wsgi`."""

import gc

# What is made at the start stays: nobody looks through it for garbage, now or with each request.
gc.disable()

import click  # noqa: E402 - after the line above
from flask.cli import AppGroup  # noqa: E402

from app.factory import create_app  # noqa: E402


class Commands(AppGroup):
    """The commands of `knelpunt`, loaded when one is asked for: a web server asks for none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted({*super().list_commands(ctx), *self._loaded()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name."""
        return super().get_command(ctx, cmd_name) or self._loaded().get(cmd_name)

    def _loaded(self) -> dict[str, click.Command]:
        from app.cli import COMMANDS  # noqa: PLC0415 - see above

        return {command.name or "": command for command in COMMANDS}


application = create_app()
application.cli = Commands()
gc.freeze()
gc.enable()

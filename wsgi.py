"""The entrance for a web server (`waitress-serve wsgi:application`) and for `flask --app wsgi`."""

from app.cli import COMMANDS
from app.factory import create_app

application = create_app()
for command in COMMANDS:
    application.cli.add_command(command)

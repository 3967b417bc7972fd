"""`plainchant`: the command line. Each command is one file; Django is loaded only by those that need it."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainchant.config.settings")


class _Commands(click.Group):
    """Finds a command when it is called, so that `plainchant --help` imports nothing else."""

    # name → (module, attribute, one line)
    TABLE = {
        "run": ("plainchant.cli.run", "run", "Start the portal: database, demo, web server, background tasks."),
        "sandbox": (
            "plainchant.cli.sandbox",
            "sandbox",
            "Start Chorus Pro's interface for tests: a clock, scripted recipients.",
        ),
        "login": ("plainchant.cli.remote.login", "login", "Keep the address and the secrets of a server to speak to."),
        "logout": ("plainchant.cli.remote.login", "logout", "Forget them."),
        "watch": ("plainchant.cli.remote.following", "watch", "Print what happens to invoices, as it happens."),
        "download": ("plainchant.cli.remote.download", "download", "Download the documents of invoices."),
        "received": ("plainchant.cli.remote.received", "received", "List the invoices that a public body received."),
        "process": ("plainchant.cli.remote.received", "process", "Bring a received invoice to another status."),
        "mcp": ("plainchant.cli.mcp", "mcp", "Let an assistant check, explain and follow invoices."),
        "worker": ("plainchant.cli.worker", "worker", "Run background tasks; any number of machines may."),
        "setup": ("plainchant.cli.setup", "setup", "Bring the database and the static files up to date."),
        "check-settings": (
            "plainchant.cli.check_settings",
            "check_settings",
            "Say what is wrong with the settings, and what cannot be reached.",
        ),
        "demo": ("plainchant.cli.demo", "demo", "Load the fictitious people and bodies of the demonstration."),
        "check": (
            "plainchant.einvoice.command.check",
            "check",
            "Say whether invoices will be accepted, and what to mend.",
        ),
        "read": ("plainchant.cli.read", "read", "Say what an invoice says, read from its page."),
        "convert": (
            "plainchant.cli.convert",
            "convert",
            "Write an invoice in another syntax: CII, UBL, Factur-X, pivot.",
        ),
        "draw": ("plainchant.cli.convert", "draw", "Draw an invoice as a PDF people can read."),
        "explain": ("plainchant.cli.explain", "explain", "Explain a code in plain words."),
        "deposit": ("plainchant.cli.deposit", "deposit", "Hand in electronic invoices, and wait for their report."),
        "directory": (
            "plainchant.cli.directory",
            "directory",
            "Search the directory of public bodies; import or generate it.",
        ),
        "requests": ("plainchant.cli.appoint", "requests", "List the requests that only the operator can answer."),
        "appoint-manager": ("plainchant.cli.appoint", "appoint_manager", "Make a person the manager of a structure."),
        "status": ("plainchant.cli.status", "status", "Say where invoices are; or what waits in a portal."),
        "people": ("plainchant.cli.people", "people", "Find people, close or reopen their accounts."),
        "structures": ("plainchant.cli.structures", "structures", "Find structures, correct a name, hand one over."),
        "jobs": ("plainchant.cli.jobs", "jobs", "List failed background jobs, run them again, or drop them."),
        "mails": ("plainchant.cli.mails", "mails", "List messages that have not left, and send them again."),
        "documents": ("plainchant.cli.documents", "documents", "Verify every document; find files that nothing names."),
        "histories": ("plainchant.cli.histories", "histories", "Verify that no line of an invoice's history changed."),
        "backup": ("plainchant.cli.backup", "backup", "Take backups of database and documents, and verify them."),
        "restore": ("plainchant.cli.backup", "restore", "Put a backup back into an empty place."),
        "retention": ("plainchant.cli.retention", "retention", "Say what is kept longer than needed; delete it."),
        "move-to-postgresql": (
            "plainchant.cli.move",
            "move_to_postgresql",
            "Copy a portal on SQLite to PostgreSQL, every row compared.",
        ),
        "completion": ("plainchant.cli.completion", "completion", "Have a shell complete these commands."),
        "docs": ("plainchant.cli.docs", "docs", "Print the documentation pages that come from the code."),
        "manage": ("plainchant.cli.manage", "manage", "Run one of Django's own commands."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.TABLE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from importlib import import_module

        if cmd_name not in self.TABLE:
            return None
        module, attribute, _ = self.TABLE[cmd_name]
        command = getattr(import_module(module), attribute)
        return command if isinstance(command, click.Command) else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        names = [
            CompletionItem(name, help=line) for name, (_, _, line) in self.TABLE.items() if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in self.TABLE.items()])


@click.command(cls=_Commands)
@click.version_option(package_name="plainchant")
def main() -> None:
    """Plainchant: invoice French public bodies from your own server."""


def django() -> None:
    """Load Django, for a command that needs the database."""
    import django as framework

    framework.setup()

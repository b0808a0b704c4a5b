"""The front door: the `greenlane` command."""

from __future__ import annotations

import typer

from services.front import bench, demo, park, provision, quarantine, send, serve, story, vault, verify

app = typer.Typer(
    name="greenlane",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Greenlane 绿通: services that insurers promise, delivered by vendors, decided by the handbook.",
)
app.command("bench")(bench.command)
app.command("demo")(demo.command)
app.command("provision")(provision.command)
app.command("run")(serve.command)
app.command("send")(send.command)
app.command("story")(story.command)
app.command("verify")(verify.command)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(park.app, name="park")
app.add_typer(vault.app, name="vault")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()

"""How far a long command is: a number on stderr, where somebody looks."""

from __future__ import annotations

import sys

import click


def show_progress(documents: int) -> None:
    """Say how many documents are done."""
    if sys.stderr.isatty():
        click.echo(f"\r{documents} documents ", nl=False, err=True)


def end_progress() -> None:
    """Take the number away again."""
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)

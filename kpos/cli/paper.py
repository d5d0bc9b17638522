"""What `kpos card print` and `kpos product label` share: options, and the file they write."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kpos.cli.common import warn
from kpos.domain.member import LANGUAGES
from kpos.domain.refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpos.reports.paper.drawing import Drawing

F = TypeVar("F", bound="Callable[..., Any]")

_STDOUT = "-"
_SUFFIXES = (".pdf", ".svg")
# Whoever reads a card's code can spend its credit.
_FOR_OWNER, _FOR_ALL = 0o600, 0o666
_QUOTED_MAX = 3


class Paper:
    """Where a sheet goes: a PDF, an SVG for each page, or a PDF to standard output."""

    def __init__(self, file: str, *, private: bool) -> None:
        """Look whether it can be written, before anything is booked for it.

        Raises:
            click.UsageError: if its name says nothing of its format.
            Refused: if it cannot be written there.
        """
        self._path = None if file == _STDOUT else Path(file)
        self._mode = _FOR_OWNER if private else _FOR_ALL
        if self._path is None:
            if sys.stdout.isatty():
                msg = "a PDF is not for a terminal: send it to a file, > cards.pdf"
                raise click.UsageError(msg)
        elif self._path.suffix.lower() not in _SUFFIXES:
            msg = f"{file}: its name must end in .pdf or .svg (or - for a PDF to standard output)"
            raise click.UsageError(msg)
        elif not os.access(self._path.parent, os.W_OK | os.X_OK):
            msg = f"{self._path.parent} is no folder you may write into: name another one"
            raise refuse("invalid", msg)
        elif self._path.is_dir():
            raise refuse("invalid", f"{file} is a folder")

    def write(self, pages: Sequence[Drawing], what: str) -> None:
        """Write all pages and say so; `what` is on them.

        Raises:
            OSError: if the disk does not take it.
        """
        from kpos.reports.paper.pdf import pdf, replaced
        from kpos.reports.paper.svg import svg

        if self._path is None:
            sys.stdout.buffer.write(pdf(pages))
            written = "standard output"
        elif self._path.suffix.lower() == ".svg":
            names = self._names(self._path, len(pages))
            for name, page in zip(names, pages, strict=True):
                self._put(name, svg(page))
            written = ", ".join(map(str, names))
        else:
            self._put(self._path, pdf(pages))
            written = str(self._path)
        if self._path is None or self._path.suffix.lower() != ".svg":
            _say_what_was_replaced(replaced(pages))
        count = f"{len(pages)} page{'s' if len(pages) > 1 else ''}"
        click.echo(f"{what} on {count}: {written}", err=self._path is None)

    def _names(self, path: Path, pages: int) -> list[Path]:
        """SVG knows no pages: a file for each."""
        if pages == 1:
            return [path]
        return [path.with_name(f"{path.stem}-{page}{path.suffix}") for page in range(1, pages + 1)]

    def _put(self, path: Path, content: bytes) -> None:
        """The whole file or what was there before."""
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self._mode)
            with os.fdopen(descriptor, "wb") as file:
                self._give_to_owner(descriptor, path.parent)
                file.write(content)
            partial.replace(path)
        except OSError:
            with suppress(OSError):
                partial.unlink()
            raise

    @staticmethod
    def _give_to_owner(descriptor: int, folder: Path) -> None:
        """What root (sudo) puts into somebody's folder is for that person to print."""
        if os.geteuid() == 0:
            owner = folder.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)


def paper_options(sheets: Sequence[str]) -> Callable[[F], F]:
    """``--sheet``, ``--skip`` and ``--language``."""

    def decorate(command: F) -> F:
        for option in (
            click.option("--language", type=click.Choice(LANGUAGES), default="de",
                         show_default=True, help="Of the words and amounts."),
            click.option("--skip", type=click.IntRange(min=0), default=0, metavar="N",
                         help="Leave the first N places free: the sheet was used before."),
            click.option("--sheet", type=click.Choice(sheets), default=sheets[0],
                         show_default=True,
                         help="cut: plain paper with crop marks; else labels of this size."),
        ):  # fmt: skip
            command = option(command)
        return command

    return decorate


def _say_what_was_replaced(texts: Sequence[str]) -> None:
    if texts:
        quoted = ", ".join(texts[:_QUOTED_MAX]) + (" …" if len(texts) > _QUOTED_MAX else "")
        warn(f"PDF has no letters for all of: {quoted}. Write an .svg: it shows them as they are")

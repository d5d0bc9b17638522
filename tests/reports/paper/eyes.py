"""Paper as a scanner sees it: a file becomes dots at 300 dpi, and zbar decodes them."""

import shutil
import subprocess
from pathlib import Path

import pytest

_TOOLS = {
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "rsvg-convert": "librsvg2-bin",
    "zbarimg": "zbar-tools",
}
_MISSING = sorted({package for tool, package in _TOOLS.items() if shutil.which(tool) is None})
needs_eyes = pytest.mark.skipif(bool(_MISSING), reason=f"needs {', '.join(_MISSING)}")

_DPI = "300"


def symbols(paper: Path) -> list[str]:
    """Every symbol on an SVG or on all pages of a PDF: ``EAN-13:4029764001807``."""
    pictures = paper.with_name(f"{paper.stem}-dots")
    pictures.mkdir()
    if paper.suffix == ".pdf":
        _run("pdftoppm", "-r", _DPI, "-gray", "-png", paper, pictures / "page")
    else:
        picture = pictures / "page.png"
        _run("rsvg-convert", "--dpi-x", _DPI, "--dpi-y", _DPI, paper, "--output", picture)
    found = _run("zbarimg", "--nodbus", "--quiet", *sorted(pictures.iterdir()))
    return sorted(found.splitlines())


def words(paper: Path) -> str:
    """The text of a PDF, as somebody copies it."""
    return _run("pdftotext", "-layout", paper, "-")


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout

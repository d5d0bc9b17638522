"""Write requirements.txt anew: python image-build/lock.py. It asks the package index of pip.

Each package that kpos needs, by the version that is newest today and the hash of its one wheel that
runs everywhere. The index is whatever pip is configured for; its name is not written down.
"""

from __future__ import annotations

import json
import subprocess
from typing import Final

from making.program import PIP, PURE, REQUIREMENTS
from making.tools import CHECKOUT

HEAD: Final = """\
# What kpos needs of the package index, by version and hash. Written by python image-build/lock.py.
"""
# kpos is built from the checkout; sqlite-utils installs plugins by pip, of which a till has none.
LEFT_OUT: Final = {"kpos", "pip"}


def main() -> None:
    """Ask pip what it would install, and write that down."""
    dry = ("install", "--dry-run", "--ignore-installed", "--target=unused", "--report=-")
    asked = subprocess.run(  # noqa: S603 - ours, and no shell
        [*PIP, *dry, *PURE, str(CHECKOUT)], check=True, capture_output=True, text=True
    )
    found = [
        (package["metadata"]["name"], package["metadata"]["version"], _hash(package))
        for package in json.loads(asked.stdout)["install"]
        if package["metadata"]["name"] not in LEFT_OUT
    ]
    lines = [f"{name}=={version} --hash=sha256:{digest}\n" for name, version, digest in found]
    REQUIREMENTS.write_text(HEAD + "".join(sorted(lines, key=str.lower)), encoding="utf-8")


def _hash(package: dict[str, dict[str, dict[str, dict[str, str]]]]) -> str:
    return package["download_info"]["archive_info"]["hashes"]["sha256"]


if __name__ == "__main__":
    main()

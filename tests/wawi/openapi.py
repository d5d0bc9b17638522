"""Write docs/openapi.json as a server of today says it: ``python -m tests.wawi.openapi``."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.wawi.server import Server, serving

COMMITTED = Path(__file__).parents[2] / "docs/openapi.json"


def said_by(server: Server) -> dict[str, Any]:
    document: dict[str, Any] = server.ask("GET", "openapi.json").json()
    return document


if __name__ == "__main__":
    with TemporaryDirectory() as folder, serving(Path(folder) / "wawi") as running:
        text = json.dumps(said_by(running), indent=2, ensure_ascii=False)
        COMMITTED.write_text(f"{text}\n", encoding="utf-8")

"""The companion server as a whole: one data folder, Django set up for it, one process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver

from kpos.wawi.api.bodies import BODY_MAX
from kpos.wawi.config import DATA_VARIABLE, WawiConfig, address_of, load_config

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler
    from waitress.server import BaseWSGIServer, MultiSocketServer

# SQLite lets one write at a time: more threads would only wait.
_THREADS = 4
# Tills keep their connection; a few hundred of them are a large house.
_CONNECTIONS_MAX = 1000
# What the API refuses itself, with a problem, stays below it.
_REFUSED_UNSEEN = 2 * BODY_MAX


def set_up(data: Path) -> WawiConfig:
    """Point Django at a data folder, once per process; the folder is made if it is missing.

    Raises:
        ConfigError: if its wawi.toml cannot be used.
        OSError: if it cannot be made or written.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = load_config(data)
    os.environ[DATA_VARIABLE] = str(data.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "kpos.wawi.settings"
    django.setup()
    return config


def migrate() -> None:
    """Bring the database to what this version expects; harmless when it is there already."""
    call_command("migrate", verbosity=0, interactive=False)


def open_site() -> WSGIHandler:
    """The application, for a data folder that the environment names.

    Raises:
        SystemExit: if it names none.
    """
    from django.core.wsgi import get_wsgi_application

    if DATA_VARIABLE not in os.environ:
        sys.exit(f"set {DATA_VARIABLE} to the data folder of the server")
    data = Path(os.environ[DATA_VARIABLE])
    set_up(data)
    from kpos.wawi.keeping import use

    use(data)
    get_resolver().url_patterns  # noqa: B018 - what is wrong there is said now, not at a request
    return get_wsgi_application()


def serve(config: WawiConfig, listen: str | None, ready: Callable[[str], None]) -> None:
    """Answer until a signal comes; `ready` is told the address.

    Raises:
        OSError: if it cannot listen there.
    """
    from waitress.server import create_server

    host, port = address_of(listen or config.listen)
    if host not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append(host)
    server = create_server(
        open_site(),
        host=host,
        port=port,
        threads=_THREADS,
        connection_limit=_CONNECTIONS_MAX,
        asyncore_use_poll=True,
        max_request_body_size=_REFUSED_UNSEEN,
        ident=None,
        **_behind_a_proxy(config),
    )
    ready(_address(server))
    try:
        server.run()
    finally:
        server.close()


def _address(server: BaseWSGIServer | MultiSocketServer) -> str:
    """Where it listens; of ``localhost`` in both families, the first."""
    several = getattr(server, "effective_listen", None)
    host, port = several[0] if several else (server.effective_host, server.effective_port)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _behind_a_proxy(config: WawiConfig) -> dict[str, Any]:
    """A proxy on this machine ends TLS: it says who asks, and that it was encrypted."""
    if not config.url.startswith("https:"):
        return {}
    return {
        "trusted_proxy": "127.0.0.1",
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }

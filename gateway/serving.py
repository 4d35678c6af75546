"""How uvicorn serves a gateway, whoever starts it. Its access log would print what it must not: it is off."""

from typing import Any, Final

SERVER: Final[dict[str, Any]] = {
    "http": "httptools",
    "loop": "auto",
    "access_log": False,
    "server_header": False,
    "log_level": "warning",
    "timeout_graceful_shutdown": 10,
}

"""Read access to the library for assistants through the Model Context Protocol (MCP), without a dependency.

- `tools.py`: the tools and their arguments. To add a tool, write a function there and a row of `TOOLS`.
- `endpoint.py`: JSON-RPC 2.0 requests and responses.
- `stdio.py`: the transport over standard input and output. The HTTP transport is `server/api/mcp.py`.

Specification: https://modelcontextprotocol.io/specification/2025-11-25
"""

from __future__ import annotations

from meetscribe.meetings.mcp.endpoint import Endpoint
from meetscribe.meetings.mcp.stdio import serve_stdio
from meetscribe.meetings.mcp.tools import TOOLS, Tool

__all__ = ["TOOLS", "Endpoint", "Tool", "serve_stdio"]

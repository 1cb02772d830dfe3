"""The routes of the server by subject; each handler reads a request, calls a lower room and responds with JSON."""

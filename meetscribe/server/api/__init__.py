"""The routes of the server, by subject; each handler reads a request, calls a room below and answers in JSON."""

"""One module per command or group of commands; each is listed in `meetscribe.cli.application.COMMANDS`."""

"""The running process: devices, threads, progress, telemetry, installed packages, output suppression and exit."""

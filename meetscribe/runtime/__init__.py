"""What belongs to the process: devices, threads, progress, telemetry, installed packages, fast exit."""

"""The running process: devices, threads, progress, usage reports, installed packages, silence and exit."""

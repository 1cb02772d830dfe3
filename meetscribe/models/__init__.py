"""Resolution of the settings to model specifications, and of these to files on this machine."""

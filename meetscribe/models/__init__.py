"""From the settings to model specifications, and from these to the files on this machine."""

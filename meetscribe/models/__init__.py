"""From the settings to a model specification, and from that to the files on this machine."""

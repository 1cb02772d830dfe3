"""Load pipelines safely: the bundled one, and those of the hub and of directories."""

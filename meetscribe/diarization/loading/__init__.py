"""Loading of pipelines: the bundled one, those of the hub and of directories, and what makes it safe."""

"""Live sessions over WebSockets: each is recorded in the folder of a job, which the pipeline processes at the end."""

"""The training loop: labels, batches, updates, evaluation on dev, and states from which a run continues."""

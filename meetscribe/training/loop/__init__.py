"""The training loop: labels, batches, updates, evaluation on dev, and saved states."""

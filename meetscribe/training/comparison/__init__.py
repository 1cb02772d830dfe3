"""Comparison of the trained model with its base: scores on test and other recordings, the verdict, the model card."""

"""Comparison of the trained model with its base: scores on test and the regression set, verdict, model card."""

"""The trained model compared with its base: scores on test and other recordings, the verdict, and the model card."""

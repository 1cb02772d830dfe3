"""The trained model beside its base: scores on test and on other recordings, the verdict, and the model card."""

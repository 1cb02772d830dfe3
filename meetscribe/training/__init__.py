"""Fine-tuning: training data from corrected transcripts, and the training of a model on it.

`data/` makes clips with their texts from recordings and transcripts. README.md shows the way from a correction to a
better model.
"""

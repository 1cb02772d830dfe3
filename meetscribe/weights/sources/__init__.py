"""The sources that models are fetched from: the Hugging Face hub, PyTorch's server and the Python package index."""

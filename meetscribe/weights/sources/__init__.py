"""The sources of models: the Hugging Face hub, PyTorch's server and the Python package index."""

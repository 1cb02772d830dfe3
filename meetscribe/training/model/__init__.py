"""The model: loading the base, LoRA, alignment heads, and saving the result in the layouts of the engines."""

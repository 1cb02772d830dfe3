"""The model: loading the base, LoRA, alignment heads, and saving in the layouts of the engines."""

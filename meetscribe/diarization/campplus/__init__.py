"""The speaker embedding network CAM++ of 3D-Speaker: its layers, its features, and an embedder that uses them."""

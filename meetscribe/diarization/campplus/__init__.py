"""The speaker embedding network CAM++ of 3D-Speaker: layers, features, and the embedder."""

"""The image without an engine: the Dockerfile's own steps, carried out in a folder, and run as a cluster would."""

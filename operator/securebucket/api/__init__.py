"""The public API as pydantic models: read top to bottom, they are the reference, and the CRDs are made from them."""

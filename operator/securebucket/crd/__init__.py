"""CustomResourceDefinitions, made from the API models: pure, so that a test can compare them with what is committed."""

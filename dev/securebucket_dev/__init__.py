"""Development servers, the demonstration and the benchmark: never imported by the product, never in its wheel."""

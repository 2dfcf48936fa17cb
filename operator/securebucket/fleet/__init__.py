"""What is known of every object between passes: small records and their indexes. No I/O."""

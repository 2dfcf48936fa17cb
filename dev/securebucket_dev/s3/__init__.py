"""S3 servers on the loopback for tests and the demo, and a proxy that records and breaks what is asked of them."""

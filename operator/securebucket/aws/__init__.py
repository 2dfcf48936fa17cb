"""The only package that talks to AWS: sessions, clients, errors as values, reads and writes of one bucket."""

"""What AWS S3 refuses as a whole document: one table for the reference page and for the tests."""

"""When which object gets a pass, and the threads that make the passes. It knows no Kubernetes."""

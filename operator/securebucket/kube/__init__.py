"""The Kubernetes edge: the only place that imports kopf and kubernetes. It turns objects into passes and back."""

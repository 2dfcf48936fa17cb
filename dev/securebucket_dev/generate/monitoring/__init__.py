"""What Prometheus and Grafana need: recording rules, alerts and a dashboard, each written down once."""

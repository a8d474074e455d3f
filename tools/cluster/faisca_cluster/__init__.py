"""A real Kubernetes for development and tests: see docs/guide/cluster.md. Python's standard library only."""

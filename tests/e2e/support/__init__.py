"""What the end-to-end tests share: a platform of their own, raw HTTP, processes, waiting with a deadline."""

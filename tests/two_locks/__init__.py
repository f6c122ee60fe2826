"""The second lock against the first: random worlds, planted mistakes, and what a pooled connection could carry over."""

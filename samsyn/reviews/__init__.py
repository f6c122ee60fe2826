"""Who looks at the looks."""

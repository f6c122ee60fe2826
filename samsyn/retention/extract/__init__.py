"""What is held about a child, as one in the family may read it: which columns, in which words, on paper and as data."""

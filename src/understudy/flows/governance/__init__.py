"""Use cases of those who lay down what others may do, and decide about what they ask for."""

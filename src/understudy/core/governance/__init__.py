"""What others than the actor lay down and decide about impersonations: values alone."""

"""What a run recorded: the model, how it is read, how repetitions compare."""

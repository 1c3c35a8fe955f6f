"""What another plan would have paid: the engine's own rules over the whole history, summed up and never written."""

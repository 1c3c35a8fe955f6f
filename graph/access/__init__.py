"""Who asks: tokens and keys are verified here, and a principal comes out."""

"""What one member of staff proposes and another confirms: the acts, and how they wait."""

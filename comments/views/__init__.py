"""What readers do with comments: one module for each thing they come for."""

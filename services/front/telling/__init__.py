"""The story of one case: gathered from five schemas, put in order, told."""

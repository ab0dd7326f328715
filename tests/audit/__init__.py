"""`make audit`: what others' tools say of the running site with its demo content."""

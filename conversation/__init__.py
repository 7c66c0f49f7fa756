"""What a conversation is made of: its events and its summary. Plain types, no I/O."""

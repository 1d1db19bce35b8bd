"""What can be wrong with the records, said so that whoever runs the bot can act on it."""


class StoreMistake(Exception):
    """The records cannot be opened or kept. The sentence is for an admin and names no person."""

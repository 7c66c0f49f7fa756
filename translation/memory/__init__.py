"""The translation memory: approved translations, reused where a message says the same again.

``forms`` tells when two messages say the same, ``pair`` holds what is remembered, ``choose`` picks the best of it for a
message, ``use`` checks that it may be sent: all pure. ``repository`` keeps it in the store, ``book`` in this process.
"""

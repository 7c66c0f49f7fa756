"""What can go wrong with the store.

StoreError
+-- StoreUnavailable    it cannot be reached, does not answer in time, or takes no writes now: try again later
+-- StoreConflict       it was set up with other settings, or its server is too old: a person must decide
+-- StoreInUse          the data folder belongs to another running server
+-- StoreStartFailed    the embedded server did not come up; the text quotes the end of its log
+-- StoreCorrupt        it answered something that it never should, e.g. a key of another type
"""

from __future__ import annotations


class StoreError(Exception):
    """Base of everything below."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or takes no writes now.

    For an append the outcome is unknown: it may have been written. Repeat it with the same ``once`` id.
    """


class StoreConflict(StoreError):
    """The store's settings or version do not fit; waiting will not help."""


class StoreInUse(StoreError):
    """Another server runs on this data folder."""


class StoreStartFailed(StoreError):
    """The embedded server did not start, or stopped before it was ready."""


class StoreCorrupt(StoreError):
    """The store refused an operation that is right in itself."""

"""The glossary's key names. They share a hash tag, so that one script may touch all of them on a cluster.

<prefix>:{glossary}:version        string  number of the last change, 1, 2, 3...; each change raises it by one
<prefix>:{glossary}:terms          hash    term id > the term as JSON
<prefix>:{glossary}:log            stream  one entry a change, id ``<version>-0``: w (who), t (ms), n (terms), a, c or k
<prefix>:{glossary}:bulk:<token>   list    the changes of a large import, which its log entry names in k
<prefix>:{glossary}:stage:<token>  hash    the terms as they will be, while a large import is under way
<prefix>:{glossary}:coming         string  the large import that is announced to workers, as JSON; expires by itself
<prefix>:{glossary}:follow:<token> hash    worker that makes itself ready for it > its last sign of life
<prefix>:{glossary}:use:<what>     hash    term id > how often applied, already (said), missed; last seen, ms
<prefix>:{glossary}:met:<id>       list    the last messages in which the term was met, newest first
<prefix>:{glossary}:proposals      hash    proposal id > the proposal as JSON
<prefix>:{glossary}:decisions      hash    proposal id > what was decided, as JSON
<prefix>:{glossary}:mined          hash    correction (<conversation>:<seq>) > what it gave for candidates, as JSON
<prefix>:{glossary}:refused        hash    candidate that nobody wants > who said so
<prefix>:{glossary}:tries          list    texts to be translated on trial, for whichever worker is free
<prefix>:{glossary}:tried:<token>  list    the answer to one of them; expires by itself
"""

from __future__ import annotations


class GlossaryKeys:
    """Key names for one prefix."""

    def __init__(self, prefix: str = "dragoman") -> None:
        base = f"{prefix}:{{glossary}}:"
        self.version = base + "version"
        self.terms = base + "terms"
        self.log = base + "log"
        self.coming = base + "coming"
        self.proposals = base + "proposals"
        self.decisions = base + "decisions"
        self.mined = base + "mined"
        self.refused = base + "refused"
        self.tries = base + "tries"
        self._base = base

    def bulk(self, token: str) -> str:
        return f"{self._base}bulk:{token}"

    def stage(self, token: str) -> str:
        return f"{self._base}stage:{token}"

    def follow(self, token: str) -> str:
        return f"{self._base}follow:{token}"

    def use(self, what: str) -> str:
        return f"{self._base}use:{what}"

    def met(self, term: str) -> str:
        return f"{self._base}met:{term}"

    def tried(self, token: str) -> str:
        return f"{self._base}tried:{token}"

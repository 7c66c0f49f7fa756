"""The glossary over HTTP, under /api/v1/glossary. Maintainers change it, agents read it and propose terms."""

from __future__ import annotations

from aiohttp import web
from redis.asyncio import Redis

from gateway.api.glossary import candidate_shapes, files, history, marked, proposals, shapes, terms, trials
from gateway.api.glossary.parts import BASE, Parts
from gateway.api.glossary.shapes import TermForm
from gateway.api.glossary.stream import NDJSON
from gateway.api.operation import Operation
from glossary.candidates import Mined
from glossary.directory import Directory
from glossary.proposals import Proposals
from glossary.repository import Repository
from glossary.spelling import Unwritable
from glossary.trial import Trials
from glossary.use import Uses

_PAGE = ("q", "language", "kind", "status", "part_of_speech", "author", "scope", "used", "conflicts", "sort", "offset",
         "limit")  # fmt: skip
_FILE = ("preview", "format", "source", "target", "skip_conflicts", "replace", "seen", "progress")
_EXPORT = ("layout", "source", "target", "bom")


def opened(client: Redis, prefix: str, unwritable: Unwritable) -> Parts:
    """Everything that the endpoints need, on one store. ``unwritable`` tells what the models cannot write."""
    repository, uses = Repository(client, prefix), Uses(client, prefix)
    return Parts(
        repository, Directory(repository, uses), uses, Proposals(client, prefix, TermForm), Trials(client, prefix),
        unwritable, Mined(client, prefix),
    )  # fmt: skip


def routes() -> list[web.AbstractRouteDef]:
    return [
        web.get(f"{BASE}/terms", terms.list_terms),
        web.post(f"{BASE}/terms", terms.add_term),
        web.post(f"{BASE}/terms/batch", terms.change_many),
        web.post(f"{BASE}/terms/check", terms.check_term),
        web.get(f"{BASE}/terms/{{id}}", terms.show_term),
        web.put(f"{BASE}/terms/{{id}}", terms.change_term),
        web.delete(f"{BASE}/terms/{{id}}", terms.delete_term),
        web.get(f"{BASE}/terms/{{id}}/use", history.term_use),
        web.get(f"{BASE}/stats", history.stats),
        web.get(f"{BASE}/history", history.history),
        web.get(f"{BASE}/history/{{version}}", history.change),
        web.post(f"{BASE}/history/{{version}}/undo", history.undo),
        web.post(f"{BASE}/restore", history.restore),
        web.post(f"{BASE}/import", files.import_file),
        web.get(f"{BASE}/export.{{format}}", files.export_file),
        web.post(f"{BASE}/try", trials.try_out),
        web.post(f"{BASE}/dry-run", trials.try_on_messages),
        web.post(f"{BASE}/counterpart", marked.counterpart),
        web.get(f"{BASE}/candidates", marked.list_candidates),
        web.post(f"{BASE}/candidates/refuse", marked.refuse_candidate),
        web.get(f"{BASE}/proposals", proposals.list_proposals),
        web.post(f"{BASE}/proposals", proposals.propose),
        web.post(f"{BASE}/proposals/{{id}}/accept", proposals.accept),
        web.post(f"{BASE}/proposals/{{id}}/refuse", proposals.refuse),
    ]


def _operation(method: str, path: str, about: str, *more: object, **options: object) -> Operation:
    return Operation(method, BASE + path, about, *more, **options)  # type: ignore[arg-type]


OPERATIONS = (
    _operation("get", "/terms", "Terms, a page at a time. For agents, supervisors, maintainers.",
               answer=shapes.TermList, query=_PAGE),
    _operation("post", "/terms", "Add a term. For maintainers.", shapes.TermForm, shapes.TermView, 201),
    _operation("post", "/terms/batch", "Add, change and delete up to 1000 terms, all or nothing. For maintainers.",
               shapes.Batch, shapes.BatchDone),
    _operation("post", "/terms/check", "What saving a term would say. Nothing is saved.", shapes.Check, shapes.Checked),
    _operation("get", "/terms/{id}", "One term.", answer=shapes.TermView),
    _operation("put", "/terms/{id}", "Change a term; what is left out stays. For maintainers.",
               shapes.TermForm, shapes.TermView),
    _operation("delete", "/terms/{id}", "Delete a term. For maintainers."),
    _operation("get", "/terms/{id}/use", "What became of a term in messages.", answer=shapes.TermUsed),
    _operation("get", "/stats", "The whole glossary in numbers.", answer=shapes.Stats),
    _operation("get", "/history", "Who changed what when, newest first.", answer=shapes.History,
               query=("before", "limit", "term")),
    _operation("get", "/history/{version}", "One change.", answer=shapes.EntryView),
    _operation("post", "/history/{version}/undo", "Take one change back. For maintainers.",
               shapes.Undo, shapes.Undone),
    _operation("post", "/restore", "The whole glossary as it was at a version. For maintainers.",
               shapes.Restore, shapes.Restored),
    _operation("post", "/import", "Add and change terms from a CSV, TSV, XLSX or TBX file, all or nothing. "
               "For maintainers.", "application/octet-stream", shapes.Imported, query=_FILE),
    *(_operation("get", f"/export.{kind}", f"All terms as {kind.upper()}.", answer=media, query=_EXPORT)
      for kind, media in files.MEDIA.items()),
    _operation("post", "/try", "A sentence with and without drafts. For maintainers.", shapes.Try, shapes.Tried),
    _operation("post", "/dry-run", "What drafts would change in the last messages, as JSON lines. For maintainers.",
               shapes.DryRun, NDJSON),
    _operation("post", "/counterpart", "What words of a message are in its translation, or the other way round. "
               "For agents, supervisors.", candidate_shapes.Words, candidate_shapes.Counterpart),
    _operation("get", "/candidates", "Terms that corrections of translations speak for. For maintainers.",
               answer=candidate_shapes.Candidates),
    _operation("post", "/candidates/refuse", "Do not offer this candidate again. For maintainers.",
               candidate_shapes.Refused),
    _operation("get", "/proposals", "Proposed terms: all for maintainers, their own for others.",
               answer=shapes.ProposalList, query=("state", "limit")),
    _operation("post", "/proposals", "Propose a term. For agents, supervisors, maintainers.",
               shapes.NewProposal, shapes.ProposalView, 201),
    _operation("post", "/proposals/{id}/accept", "Take a proposal, changed or as it is. For maintainers.",
               shapes.Decision, shapes.ProposalView),
    _operation("post", "/proposals/{id}/refuse", "Refuse a proposal. For maintainers.",
               shapes.Decision, shapes.ProposalView),
)  # fmt: skip

"""Import and export: CSV, TSV, XLSX and TBX, and the layouts of other services. An import is all or nothing."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Any

from aiohttp import web

from gateway.api.errors import ApiError, answer
from gateway.api.glossary.parts import READERS, Parts, flag, missing, moved, parts
from gateway.api.glossary.shapes import Imported, RowChange, RowNote, RowNotes, TermView, view
from gateway.api.glossary.stream import stream
from gateway.api.login import require
from glossary import exchange, merge
from glossary.merge import Preview, Remark
from glossary.repository import GlossaryMoved, Step
from glossary.term import Term

NOTES = 100  # rows that are told one by one
MOST_BYTES = 200_000_000  # of a file: TBX of 100,000 terms in several languages
_PIECE = 1 << 20  # bytes written at a time
SHOWN = 50  # terms that are shown one by one
MEDIA = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "tbx": "application/x-tbx",
}


async def import_file(request: web.Request) -> web.StreamResponse:
    user = await require(request, "maintainer")
    glossary = parts(request)
    with tempfile.TemporaryFile() as file:
        await _received(request, file)
        # One file in memory at a time, however many are sent.
        async with glossary.importing:
            file.seek(0)
            work = _Import(glossary, await asyncio.to_thread(file.read), user.login, dict(request.query))
            if flag(request.query, "progress"):
                return await stream(request, work.run())
            async for line in work.run():
                last = line
            return answer(last["result"])


async def export_file(request: web.Request) -> web.StreamResponse:
    await require(request, *READERS)
    kind = request.match_info["format"]
    if kind not in MEDIA:
        raise missing()
    terms = await parts(request).repository.list()
    asked = request.query
    try:
        data = await asyncio.to_thread(
            exchange.write, terms, format=kind, bom=flag(asked, "bom"),
            layout=asked.get("layout", ""), source=asked.get("source", ""), target=asked.get("target", ""),
        )  # fmt: skip
    except exchange.LayoutError as error:
        raise ApiError(400, "bad_request", str(error)) from None
    return web.Response(
        body=data,
        content_type=MEDIA[kind],
        charset="utf-8" if kind != "xlsx" else None,
        headers={"Content-Disposition": f'attachment; filename="glossary.{kind}"'},
    )


async def _received(request: web.Request, file: IO[bytes]) -> None:
    """The body, in a file: it may be larger than other requests. Raises ApiError 413."""
    size = 0
    async for chunk in request.content.iter_chunked(_PIECE):
        size += len(chunk)
        if size > MOST_BYTES:
            words = f"the file has more than {MOST_BYTES // 1_000_000} MB: import it in parts"
            raise ApiError(413, "too_large", words)
        await asyncio.to_thread(file.write, chunk)


_Steps = asyncio.Queue[dict[str, Any]]


class _Import:
    """One file on its way in. ``run`` gives what to tell: steps, and at the end the result."""

    def __init__(self, glossary: Parts, data: bytes, who: str, asked: dict[str, str]) -> None:
        self._glossary = glossary
        self._data = data
        self._who = who
        self._asked = asked

    async def run(self) -> AsyncIterator[dict[str, Any]]:
        """Raises ApiError."""
        preview = flag(self._asked, "preview")
        yield {"step": "reading", "done": 0, "total": 1}
        sheet, (version, existing) = await asyncio.gather(self._read(), self._existing())
        yield {"step": "comparing", "done": 0, "total": len(sheet.rows)}
        plan = await asyncio.to_thread(merge.preview, sheet, existing.values())
        if plan.conflicts and not preview and not flag(self._asked, "skip_conflicts"):
            notes = _notes(plan)
            words = f"nothing was imported: {notes.total} rows contradict the glossary"
            raise ApiError(400, "conflicts", words, details=notes.items, total=notes.total)
        deletes = plan.missing(existing.values()) if flag(self._asked, "replace") else []
        remarks = await asyncio.to_thread(self._remarks, plan, existing) if preview else []
        if not preview:
            steps: _Steps = asyncio.Queue()
            writing = asyncio.create_task(self._write(plan, deletes, version, existing, steps))
            try:
                async for step in _until(writing, steps):
                    yield step
                version = await writing
            finally:
                writing.cancel()
        yield {"result": _told(sheet, plan, deletes, remarks, version=version, preview=preview)}

    def _remarks(self, plan: Preview, existing: dict[str, Term]) -> list[Remark]:
        return list(merge.remarks(plan, existing.values(), self._glossary.unwritable))

    async def _read(self) -> exchange.Sheet:
        asked = self._asked
        try:
            return await asyncio.to_thread(
                exchange.read, self._data, format=asked.get("format", ""),
                source=asked.get("source", ""), target=asked.get("target", ""),
            )  # fmt: skip
        except exchange.LayoutError as error:
            raise ApiError(400, "bad_request", str(error)) from None
        except exchange.ExchangeError as error:
            details = [{"row": each.row, "column": each.column, "message": each.message} for each in error.problems]
            words = f"nothing was imported: the file has {error.total} problem{'s' if error.total != 1 else ''}"
            raise ApiError(400, "bad_file", words, details=details, total=error.total) from None

    async def _existing(self) -> tuple[int, dict[str, Term]]:
        """The glossary as it is. Raises ApiError 409 where the import was decided on another version."""
        version, existing = await self._glossary.directory.terms()
        seen = self._asked.get("seen")
        if seen and seen != str(version):
            raise moved()
        return version, existing

    async def _write(
        self, plan: Preview, deletes: list[Term], seen: int, existing: dict[str, Term], steps: _Steps
    ) -> int:
        def tell(done: int, total: int, step: Step = "writing", /) -> None:
            steps.put_nowait({"step": step, "done": done, "total": total})

        try:
            return await self._glossary.repository.put_many(
                plan.terms(), self._who, delete=[term.id for term in deletes], seen=seen, about="import",
                progress=tell, known=existing,
            )  # fmt: skip
        except GlossaryMoved:
            raise moved() from None


async def _until(work: asyncio.Task[int], steps: _Steps) -> AsyncIterator[dict[str, Any]]:
    """Steps as they come, until the work is done."""
    while not work.done() or not steps.empty():
        step = asyncio.ensure_future(steps.get())
        await asyncio.wait({work, step}, return_when=asyncio.FIRST_COMPLETED)
        if not step.done():
            step.cancel()
            return
        yield step.result()


def _told(
    sheet: exchange.Sheet, plan: Preview, deletes: list[Term], remarks: list[Remark], *, version: int, preview: bool
) -> Imported:
    return Imported(
        version=version,
        preview=preview,
        format=sheet.format,
        layout=sheet.layout,
        languages=sheet.languages,
        rows=len(sheet.rows),
        added=len(plan.adds),
        changed=len(plan.changes),
        unchanged=plan.unchanged,
        deleted=len(deletes),
        conflicts=_notes(plan),
        warnings=RowNotes(
            len(remarks), [RowNote(each.row, each.column, each.message, each.kind) for each in remarks[:NOTES]]
        ),
        adds=_views(plan.adds[:SHOWN]),
        changes=[RowChange(each.row, view(each.before), view(each.after)) for each in plan.changes[:SHOWN]],
        deletes=_views(deletes[:SHOWN]),
    )


def _views(terms: Any) -> list[TermView]:
    return [view(term) for term in terms]


def _notes(plan: Preview) -> RowNotes:
    items = (RowNote(each.row, each.language, each.message, "conflict") for each in plan.conflicts)
    return RowNotes(len(plan.conflicts), [note for note, _ in zip(items, range(NOTES), strict=False)])

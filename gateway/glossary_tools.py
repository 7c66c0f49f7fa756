"""`dragoman glossary try`, `dry-run`, `proposals`, `accept`, `refuse` and `candidates`: as the endpoints do it.

Exit codes as in ``glossary.cli``: 0 done, 1 failed, 2 an option is wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from gateway.api.glossary import opened
from gateway.api.glossary.candidate_shapes import CandidateView
from gateway.api.glossary.dry_run import Compared, Found, dry_run
from gateway.api.glossary.marked import offered
from gateway.api.glossary.parts import Parts, made_of
from gateway.api.glossary.proposals import COMMENT, meant_by, take, texts_of
from gateway.api.glossary.shapes import Decision, TermForm
from gateway.api.glossary.trials import MOST_DRAFTS, MOST_MESSAGES, MOST_TEXT
from glossary.cli import who
from glossary.repository import GlossaryError
from glossary.spelling import Unwritable
from glossary.term import Term, TermError, is_language
from glossary.trial import NoAnswer, Said, Text
from store.connect import Store
from store.console import DONE, WRONG, Progress, complain, say
from store.errors import StoreError

ACTIONS = ("try", "dry-run", "proposals", "accept", "refuse", "candidates")


class _Wrong(Exception):
    """What somebody typed cannot be meant."""


async def run(options: argparse.Namespace, store: Store, prefix: str, unwritable: Unwritable) -> int:
    """Does what ``options.action`` says, on a store that stays open."""
    glossary = opened(store.client, prefix, unwritable)
    try:
        match options.action:
            case "try":
                return await _try(glossary, options)
            case "dry-run":
                return await _dry_run(glossary, store, options)
            case "proposals":
                return await _proposals(glossary, options.state)
            case "accept":
                return await _accept(glossary, options)
            case "refuse":
                proposal = await glossary.proposals.waiting(options.id)
                await glossary.proposals.decide(proposal, "refused", who(), answer=options.answer[:COMMENT])
                say(f"{options.id} is refused")
                return DONE
        return await _candidates(glossary, store, options)
    except _Wrong as error:
        return complain(str(error), WRONG)
    except NoAnswer as error:
        return complain(f"{error}: is `dragoman serve` or a worker running?")
    except (StoreError, GlossaryError, TermError) as error:
        return complain(str(error))


async def _try(glossary: Parts, options: argparse.Namespace) -> int:
    source, target = options.source, options.target
    drafts = _drafts(options)
    if not options.text.strip() or len(options.text) > MOST_TEXT:
        raise _Wrong(f"a text to try has 1 to {MOST_TEXT} characters")
    text = Text(options.text, source, target)
    told = await glossary.trials.ask([text], drafts=drafts, all_drafts=not drafts)
    names = ("without the glossary", "with the glossary", "with the drafts")
    for name, each in zip(names, told.said[0], strict=True):
        print(f"{name}:\t{each.text if each.text is not None else each.reason or each.status}")
        _tell_uses(each)
    return DONE


def _tell_uses(said: Said) -> None:
    for use in said.terms:
        print("\t".join(["", f"{use.source} = {use.target}", use.status, use.how]).rstrip())


def _drafts(options: argparse.Namespace) -> list[Term]:
    """The terms that --term gives, in the languages of --from and --to."""
    for code in (options.source, options.target):
        if not is_language(code):
            raise _Wrong(f"{code!r} is no language code such as 'en' or 'pt-BR'")
    if len(options.term) > MOST_DRAFTS:
        raise _Wrong(f"at most {MOST_DRAFTS} drafts at once")
    pairs = [_pair(each, "--term", "WORD=SAID") for each in options.term]
    return [made_of(TermForm(texts={options.source: word, options.target: said}), None) for word, said in pairs]


async def _dry_run(glossary: Parts, store: Store, options: argparse.Namespace) -> int:
    if not 1 <= options.messages <= MOST_MESSAGES:
        raise _Wrong(f"--messages takes 1 to {MOST_MESSAGES}")
    if options.term:
        drafts = _drafts(options)
    else:
        own = [term for term in await glossary.repository.list() if term.status == "draft"]
        drafts = own[-MOST_DRAFTS:]
        if len(drafts) < len(own):
            say(f"only the newest {MOST_DRAFTS} of {len(own)} drafts are tried")
    if not drafts:
        raise _Wrong("the glossary has no drafts: give one with --term WORD=SAID --from LANGUAGE --to LANGUAGE")
    bar = Progress(sys.stderr)
    found = Found(0, 0, 0)
    changed: list[Compared] = []
    # Who may use the store may read what is in it, but has to ask for it.
    async for step in dry_run(store, glossary.trials, drafts, (), most=options.messages, reads=options.texts):
        if isinstance(step, Found):
            found = step
        elif isinstance(step, Compared):
            bar(step.done, step.total)
            if step.changed:
                changed.append(step)
    bar.end()
    for each in changed:
        _tell_change(each)
    say(f"{found.looked_at} messages looked at; a draft matters in {found.matching}, {found.total} of these were "
        f"translated again, {len(changed)} would change")  # fmt: skip
    return DONE


def _tell_change(each: Compared) -> None:
    when = datetime.fromtimestamp(each.when / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    print("\t".join([when, f"{each.source} > {each.target}", ", ".join(each.said_after)]))
    for name, text in (("message", each.text), ("before", each.before), ("after", each.after)):
        if text is not None:
            print(f"\t{name}:\t{' '.join(text.split())}")


async def _proposals(glossary: Parts, state: str) -> int:
    shown = [each for each in await glossary.proposals.list() if state in ("all", each.state)]
    for each in shown:
        when = datetime.fromtimestamp(each.when / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        decided = f"{each.state} by {each.decision.by}" if each.decision else ""
        line = [each.id, _line(texts_of(each.term)), each.by, when, " ".join(each.comment.split()), decided]
        print("\t".join(line).rstrip())
    if not shown:
        say("there are no proposals" if state == "all" else f"no proposals are {state}")
    return DONE


async def _accept(glossary: Parts, options: argparse.Namespace) -> int:
    proposal = await glossary.proposals.waiting(options.id)
    form = None
    if changed := dict(_pair(each, "--text", "LANGUAGE=TEXT") for each in options.text):
        form = _changed(proposal.term, await meant_by(glossary, proposal.term), changed)
    done = await take(glossary, proposal, Decision(form, options.answer), who())
    assert done.decision is not None
    say(f"{options.id} is accepted as term {done.decision.term_id}")
    return DONE


def _changed(form: TermForm, meant: Term | None, texts: dict[str, str]) -> TermForm:
    """The proposed term with other texts; all else of it stays. ``meant``: the stored term that it would change."""
    term = made_of(form, meant)
    stays = {code: wording for code, wording in term.wordings.items() if code not in texts}
    made = made_of(TermForm(texts={**{code: each.text for code, each in stays.items()}, **texts}), term)
    return TermForm(
        id=form.id, wordings=made.wordings, kind=made.kind, status=form.status, rules=form.rules,
        part_of_speech=form.part_of_speech, scope=form.scope, note=form.note,
    )  # fmt: skip


async def _candidates(glossary: Parts, store: Store, options: argparse.Namespace) -> int:
    found = await offered(glossary, store)
    while found.waiting and not (options.add or options.refuse):
        later = await offered(glossary, store)
        if later.waiting == found.waiting:
            break  # nobody answers
        found = later
    if options.add or options.refuse:
        return await _decide(glossary, found.candidates, options)
    for each in found.candidates:
        line = [_number(each), _line(each.texts), f"instead of {', '.join(each.instead)}", f"{each.count} messages"]
        print("\t".join([*line, *(warning.message for warning in each.warnings)]))
    if found.waiting:
        say(f"{found.waiting} corrections were not looked at: is `dragoman serve` or a worker running?")
    elif not found.candidates:
        say("corrections speak for no further terms")
    return DONE


async def _decide(glossary: Parts, found: Sequence[CandidateView], options: argparse.Namespace) -> int:
    number = options.add or options.refuse
    one = next((each for each in found if _number(each) == number), None)
    if one is None:
        raise _Wrong(f"there is no candidate {number!r}: see `dragoman glossary candidates`")
    if options.refuse:
        await glossary.mined.refuse(one.key, who())
        say(f"{_line(one.texts)} is not offered again")
        return DONE
    stored: Term = await glossary.repository.add(made_of(TermForm(texts=one.texts), None), who())
    say(f"{_line(one.texts)} is term {stored.id}")
    return DONE


def _number(candidate: CandidateView) -> str:
    """Short, and the same whenever the candidate is found again."""
    return hashlib.sha256(candidate.key.encode()).hexdigest()[:8]


def _line(texts: dict[str, str]) -> str:
    return " = ".join(f"{text} ({language})" for language, text in texts.items())


def _pair(given: str, option: str, form: str) -> tuple[str, str]:
    left, _, right = (part.strip() for part in given.partition("="))
    if not left or not right:
        raise _Wrong(f"{option} is {form}, not {given!r}")
    return left, right

"""Finds what must come out of a translation untouched: addresses, numbers, prices, codes, emoji, marks.

Pure: text in, spans out. One combined pattern a text, and cheap looks beforehand: most chat holds nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

import regex

Kind = Literal[
    "code",  # `code`, file names, snake_case, paths
    "placeholder",  # {order_id}, %s, ${x}
    "tag",  # <b>, &nbsp;
    "email",
    "url",
    "mention",
    "hashtag",  # #news, also #1234
    "iban",
    "price",
    "date",
    "time",
    "phone",
    "sku",  # letters with digits: order and tracking numbers
    "number",
    "emoji",  # emoji and emoticons
    "mark",  # *, _ and other marks of layout inside a line, symbols
    "hidden",  # control characters, direction marks: nobody sees them
    "foreign",  # letters of a script that neither language uses
    "term",  # a glossary term that is not to be translated
]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text. Offsets in code points, end exclusive."""

    start: int
    end: int
    kind: Kind


_CURRENCY = r"R\$|(?:US|A|C|NZ|HK|S|MX)\$|[$€£¥₩₹₽₺₴₫฿₦₱₪₲₡₵₸₼₾]"
_CODES = (
    r"EUR|USD|BRL|GBP|CHF|JPY|CNY|KRW|INR|RUB|TRY|PLN|CZK|HUF|RON|SEK|NOK|DKK|MXN|ARS|CLP|COP|AUD|CAD|NZD|AOA|MZN|"
    r"zł|Kč|kr|Ft|lei"
)
_AMOUNT = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,](?:\d{1,2}(?!\d)|-))?|\d++(?:[.,]\d++)*(?:,-)?"
# Top-level domains that are no words of a language, so that "obrigado.me ajuda" is no address.
_TLD = (
    r"com|net|org|info|biz|io|ai|dev|shop|store|online|site|xyz|cloud|tech|gov|edu|mil|eu|br|pt|fr|nl|uk|pl|ru|ua|cz|"
    r"ch|jp|cn|kr|mx|ar|cl|tr|dk|fi|hu|gr|tv|gg|ly"
)
_FILE = (
    r"pdf|jpe?g|png|gif|svg|webp|mp[34]|mov|avi|docx?|xlsx?|pptx?|csv|txt|zip|rar|7z|exe|msi|dmg|apk|epub|mobi|json|"
    r"xml|html?|js|py|sh|log"
)

# Written after a number, these make a quantity or an ordinal ("5kg", "2ª"), which is translated as one.
_UNIT = regex.compile(
    r"(\d+)(?:[kcmd]?m|[km]?g|[mcd]?l|[kmgt]b|[kmgt]bps|h|hs|hrs?|min|mins|ms|s|seg|d|dias?|days?|x|k|mil|in|ft|lbs?|oz|w|v|hz|"
    r"º|ª|o|a|e|er|re|ème|st|nd|rd|th|anos?|vezes|pm|am)",
    regex.IGNORECASE,
)
_REST = r"[^\s<>\"“”„«»…]"

_SYMBOLS = rf"""
  (?P<email> (?<![\w.+%-])(?:mailto:)?\w[\w.+%'-]{{0,80}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{0,6}} )
| (?P<code> `{{1,3}}[^`\n]{{1,400}}`{{1,3}}
    | (?<![\w./\\])(?:[A-Za-z]:\\|~?/)[\w.-]{{1,64}}(?:[/\\][\w.-]{{1,64}}){{1,20}}[/\\]?
    | (?<![\w.-])[\w-]{{1,80}}(?:\.[\w-]{{1,40}}){{0,3}}\.(?i:{_FILE})(?!\w)
    | (?<![\w@\#.-])(?=[A-Za-z]*[a-z0-9]*_)[A-Za-z][A-Za-z0-9]{{0,40}}(?:_[A-Za-z0-9]{{1,40}}){{1,8}}(?:\(\))?(?!\w) )
| (?P<placeholder> \{{\{{[^{{}}\n]{{1,80}}\}}\}} | \$?\{{[^{{}}\n]{{0,80}}\}} | <%[^%\n]{{1,80}}%>
    | %\(\w{{1,40}}\)[sdifr] | (?<![\d\w])%(?:\d\$)?[-+0\#]?\d{{0,3}}(?:\.\d{{1,2}})?l?[sdifxXgu@](?![\w%])
    | (?<!\w)%[A-Z][A-Z0-9_]{{1,40}}% | \[\[[^\[\]\n]{{1,80}}\]\] | (?<!\w)__\w{{1,40}}?__(?!\w)
    | (?<!\w)\$[A-Za-z_]\w{{1,40}} )
| (?P<tag> </?[A-Za-z][^<>\n]{{0,300}}> | <!--[^<>\n]{{0,300}}--> | <[@\#!:][^<>\s]{{1,80}}>
    | &(?:[A-Za-z]{{2,10}}|\#\d{{1,6}}); )
| (?P<url> (?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{{1,12}}://{_REST}{{1,2000}}
    | (?<!\w)(?i:www)\.{_REST}{{1,2000}}
    | (?<![\w.@-])(?i:(?:[\w-]{{1,63}}\.){{1,5}}(?:{_TLD}))(?![\w-]|\.\w)(?::\d{{2,5}})?(?:/{_REST}{{0,2000}})?
    | (?<![\w.@-])(?i:[\w-]{{2,63}}\.(?:me|to|de|es|it|is|us|no|at|be|in|co|app|so))/{_REST}{{1,2000}}
    | (?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}})?(?![\w.]) )
| (?P<mention> (?<![\w@.])@\w(?:[\w.-]{{0,60}}\w)? )
| (?P<hashtag> (?<![\w&\#])\#\s?\d(?:[\w-]{{0,60}}\w)? | (?<![\w&\#])\#\w(?:[\w-]{{0,60}}\w)? )
| (?P<emoji> [0-9\#*]\ufe0f?\u20e3 | \p{{RI}}\p{{RI}}
    | (?:[\p{{Emoji_Presentation}}\p{{Extended_Pictographic}}\u2122]\ufe0f?\p{{Emoji_Modifier}}?[\U000e0020-\U000e007f]*
      (?:\u200d\p{{Extended_Pictographic}}\ufe0f?\p{{Emoji_Modifier}}?)*)
    | (?<![\w:;=])[:;=]['’]?[-^o]?[)(DPpO*\]\[|\\/](?![\w/]) | (?<![\w:;=])[:;=]['’]?-?[)(]{{2,8}} | <3+(?!\d)
    | (?<!\w)[xX]D+(?!\w) | (?<!\w)\^[._]?\^ | ¯\\_\(ツ\)_/¯ )
| (?P<mark> (?<![\w*_~])(?:\*{{1,3}}|_{{1,3}}|~~)(?=[^\s*_~]) | (?<=[^\s*_~])(?:\*{{1,3}}|_{{1,3}}|~~)(?![\w*_~]) )
| (?P<hidden> [\p{{Cc}}\p{{Cf}}\p{{Co}}\p{{Cn}}\p{{Cs}}\ufffd--[\t\r\n]]+ )
"""
# Each of these begins at a digit, a sign before one, or the letters before one.
_NUMBERS = rf"""
  (?P<iban> (?<!\w)[A-Z]{{2}}\d{{2}}(?:[ ]?(?=[A-Z]{{0,3}}\d)[A-Z0-9]{{4}}){{3,7}}(?:[ ]?[A-Z0-9]{{1,3}})?(?!\w) )
| (?P<price> (?<![\w$])(?:{_CURRENCY})[ \u00a0]?-?(?:{_AMOUNT})
    | (?<!\w)(?:{_CODES})[ \u00a0](?:{_AMOUNT})(?!\w)
    | (?<![\w.,])(?:{_AMOUNT})[ \u00a0\u202f]?(?:(?:{_CURRENCY})(?!\d)|(?:{_CODES})(?!\w)) )
| (?P<date> (?<![\w/.-])(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}
        (?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?
      | \d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2}}(?:\d{{2}})? | \d{{1,2}}/\d{{1,2}} | \d{{1,2}}/\d{{4}})(?![\w/-]|[.,]\d) )
| (?P<time> (?<![\w:.])(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:h|hs|hrs)?(?:[ ]?[aApP](?:[mM]\b|\.[mM]\.))?
      | \d{{1,2}}[ ]?[aApP](?:[mM]\b|\.[mM]\.) | \d{{1,2}}[hH]\d{{2}}(?:min)?)(?![\w:]) )
| (?P<phone> (?<![\w+])(?:\+|00)\d{{1,3}}[ .-]?(?:\(\d{{1,4}}\)[ .-]?)?\d{{1,5}}
      (?:[ .-]?\d{{2,5}}){{1,5}}(?![\w/]|[.:,]\d)
    | (?<![\w(])\(\d{{2,5}}\)[ ]?\d{{3,5}}(?:[ .-]?\d{{2,5}}){{1,3}}(?![\w/]|[.:,]\d)
    | (?<![\w.,-])\d{{2,5}}(?:[ -]\d{{2,5}}){{2,4}}(?![\w/-]|[.:,]\d) | (?<![\w.,-])\d{{3,5}}-\d{{3,5}}(?![\w-]) )
| (?P<sku> (?<![^\W_])(?!\d+(?![\w/-]))
      [^\W\d_]{{0,40}}(?:[-_/][^\W\d_]{{1,40}}){{0,4}}[-_/]?\d[\w/-]{{0,400}}(?<![-_/]) )
| (?P<number> \d{{1,3}}(?:[.,'’]\d{{3}})+(?:[.,]\d{{1,2}}(?!\d))?(?!\d) | \d++(?:[.,:]\d++)* )
"""

# Only tokens with something beyond letters and everyday punctuation are looked at closely: most chat has none.
_QUIET = r"\s.,!?;:'\"()’‘“”–—…¿¡«»\p{M}\-"
_EMOTICON = r"[:;=]['’]?[-^o]?[)(DPpO*\]\[|\\/]|\b[xX]D"
_OPENING = "<{`["
_TRAILING = ".,;:!?'*_~"
_NUMERIC = r"\d\s.,!?;'\"()’‘“”–—…$€£%ºª+:/\-\p{M}"
_WORTH_A_LOOK = r"[:;/_\-]\D|[A-Za-z]\.[A-Za-z]|%[A-Za-z(]|[xX]D"


@dataclass(frozen=True, slots=True)
class _Patterns:
    hot: regex.Pattern[str]  # tokens worth a closer look
    symbol: regex.Pattern[str]  # what only ``everything`` finds
    numbers: regex.Pattern[str]
    everything: regex.Pattern[str]


@cache
def _patterns(scripts: str) -> _Patterns:
    letters = "".join(rf"\p{{{name}}}" for name in scripts.split())
    other = rf"[\p{{L}}--[{letters}\p{{Common}}\p{{Inherited}}]]"
    foreign = rf"(?P<foreign> {other}(?:{other}|\p{{M}}|[ ](?={other}))* )"
    flags = regex.VERBOSE | regex.VERSION1
    return _Patterns(
        regex.compile(
            rf"(?<!\S)(?:(?:{_CODES})\s)?+[{letters}{_QUIET}--\s]*?(?:[^{letters}{_QUIET}]|\w\.\w|{_EMOTICON})\S*"
            rf"(?:[ \u00a0](?:[aApP](?:[mM]|\.[mM]\.)|{_CODES})(?!\w))?",
            regex.VERSION1,
        ),
        regex.compile(rf"[^{letters}{_NUMERIC}]|{_WORTH_A_LOOK}", regex.VERSION1),
        regex.compile(_NUMBERS, flags),
        regex.compile(f"{_SYMBOLS} | {_NUMBERS} | {foreign}", flags),
    )


def find(text: str, scripts: str = "Latin") -> list[Span]:
    """The protected spans of ``text`` in order, never overlapping.

    ``scripts``: names of the scripts that the two languages write, separated by spaces; letters of any other script
    are spans of kind ``foreign``. Takes time linear in the text's length.
    """
    patterns = _patterns(scripts)
    spans: list[Span] = []
    for start, end in _hot_regions(text, patterns.hot):
        pattern = patterns.everything if patterns.symbol.search(text, start, end) else patterns.numbers
        for match in pattern.finditer(text, start, end):
            spans.extend(_spans(text, match))
    return spans


def _hot_regions(text: str, hot: regex.Pattern[str]) -> list[tuple[int, int]]:
    """Runs of tokens to look at closely. A region with an opening bracket goes on to the end of its line."""
    regions: list[tuple[int, int]] = []
    for match in hot.finditer(text):
        start, end = match.span()
        if regions and start <= regions[-1][1] + 1:
            start = regions.pop()[0]
        if start < end and any(mark in match.group() for mark in _OPENING):
            line_end = text.find("\n", end)
            end = len(text) if line_end < 0 else line_end
        regions.append((start, max(end, regions[-1][1]) if regions and start < regions[-1][1] else end))
    return regions


def _spans(text: str, match: regex.Match[str]) -> Sequence[Span]:
    start, end = match.span()
    kind = cast(Kind, match.lastgroup)
    if kind == "url":
        end = start + len(_trim_address(text[start:end]))
    elif kind == "sku":
        return _token(text, start, end)
    return (Span(start, end, kind),) if start < end else ()


def _trim_address(address: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays if it was opened inside."""
    while address:
        last = address[-1]
        if last in _TRAILING or (last == ")" and address.count("(") < address.count(")")) or last == "]":
            address = address[:-1]
        else:
            break
    return address


def _token(text: str, start: int, end: int) -> Sequence[Span]:
    """What a run of letters and digits is: a code to keep whole, or a number with a unit."""
    token = text[start:end]
    if token.isdigit():
        return _numbers(text, start, end)
    if unit := _UNIT.fullmatch(token):
        return (Span(start, start + len(unit.group(1)), "number"),)
    parts = regex.split(r"[-_/]", token)
    if all(part.isdigit() for part in parts):
        return (Span(start, end, "number"),)
    if "/" in token and all(part.isdigit() or part.isalpha() for part in parts):
        return _numbers(text, start, end)
    return (Span(start, end, "sku"),)


_DIGITS = regex.compile(r"\d+")


def _numbers(text: str, start: int, end: int) -> list[Span]:
    return [Span(match.start(), match.end(), "number") for match in _DIGITS.finditer(text, start, end)]

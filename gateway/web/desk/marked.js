/** Splits a text at the glossary terms found in it. Pure. */

/**
 * @param {string} text
 * @param {{source_span?: [number, number], target_span?: [number, number]}[]} terms uses from a receipt
 * @param {"source_span"|"target_span"} side which of the two texts this is
 * @returns {{text: string, term: Object|null}[]} pieces that joined give the text; spans count code points, and one
 *   that is out of range or overlaps an earlier one is left out
 */
export function piecesOf(text, terms, side) {
  const spans = (terms ?? [])
    .filter((term) => term[side] && term[side][0] < term[side][1])
    .sort((a, b) => a[side][0] - b[side][0]);
  if (!spans.length) return [{ text, term: null }];

  const points = Array.from(text);
  const pieces = [];
  let at = 0;
  for (const term of spans) {
    const [start, end] = term[side];
    if (start < at || end > points.length) continue;
    if (start > at) pieces.push({ text: points.slice(at, start).join(""), term: null });
    pieces.push({ text: points.slice(start, end).join(""), term });
    at = end;
  }
  if (at < points.length) pieces.push({ text: points.slice(at).join(""), term: null });
  return pieces;
}

/** Rows as people copy them out of a spreadsheet. Pure. */

/**
 * Cells of pasted text: tabs between columns as spreadsheets copy them, else semicolons or commas. Cells may be quoted
 * and then hold separators and line ends.
 * @param {string} text @returns {string[][]} rows without the blank ones, all of one length
 */
export function cellsOf(text) {
  const separator = text.includes("\t") ? "\t" : text.includes(";") ? ";" : ",";
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    const row = rows.at(-1);
    let cell;
    if (text[at] === '"') {
      const [value, next] = quoted(text, at + 1);
      cell = value;
      at = next;
    } else {
      let end = at;
      while (end < text.length && text[end] !== separator && text[end] !== "\n") end += 1;
      cell = text.slice(at, end);
      at = end;
    }
    row.push(cell.trim());
    if (text[at] === "\n") rows.push([]);
    at += 1;
  }
  const kept = rows.filter((row) => row.some(Boolean));
  const width = Math.max(0, ...kept.map((row) => row.length));
  return kept.map((row) => [...row, ...Array(width - row.length).fill("")]);
}

/** A quoted cell that begins at `at`: its text, and where what follows begins. */
function quoted(text, at) {
  let value = "";
  while (at < text.length) {
    if (text[at] === '"') {
      if (text[at + 1] !== '"') break;
      at += 1;
    }
    value += text[at];
    at += 1;
  }
  at += 1;
  while (at < text.length && (text[at] === " " || text[at] === "\r")) at += 1;
  return [value, at];
}

/**
 * Which column each pasted one is. The first row is a head if all its cells name columns.
 * @param {string[][]} rows @param {string[]} languages what columns without a head are taken for, in their order
 * @param {(cell: string) => string|null} known the language or column that a cell names, e.g. "Portuguese"
 * @returns {{columns: string[], rows: string[][]}}
 */
export function headed(rows, languages, known = () => null) {
  if (!rows.length) return { columns: [], rows };
  const named = rows[0].map(known);
  const isHead = rows.length > 1 && named.every(Boolean) && new Set(named).size === named.length;
  if (isHead) return { columns: named, rows: rows.slice(1) };
  return { columns: rows[0].map((_, i) => languages[i] ?? (i === languages.length ? "note" : "")), rows };
}

/** The rows as a TSV file with a head; columns named "" are left out. */
export function sheetOf(columns, rows) {
  const kept = columns.map((name, i) => [name, i]).filter(([name]) => name);
  const line = (cells) => cells.map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t");
  return [line(kept.map(([name]) => name)), ...rows.map((row) => line(kept.map(([, i]) => row[i] ?? "")))].join("\n") + "\n";
}

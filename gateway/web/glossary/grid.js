/** The table of terms: only the rows in view are in the page, one cell is the current one, keys move it. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { Cell, CellEditor } from "./cell.js";

const ROW_PX = 44;
const CARD_PX = 74;
const SPARE_ROWS = 8;
const NARROW = "(max-width: 720px)";

/**
 * @param {Object} props
 * @param {import("./rows.js").Rows} props.rows
 * @param {{key: string, language?: string, label: string, width: string, sort?: string}[]} props.columns
 * @param {{row: number, column: number}} props.current
 * @param {{id: string, column: number}|null} props.editing the cell that is a field now
 * @param {(term: Object, language: string, text: string) => Promise<string>} props.onSave gives an error text or ""
 */
export function Grid({ rows, columns, current, onCurrent, editing, onEditing, sort, onSort, onSave, onOpen, onDelete, onPaste, opened, box, empty, editor, names }) {
  const [view, setView] = useState({ top: 0, height: 800 });
  const [, renew] = useState(0);
  const narrow = useNarrow();
  const height = narrow ? CARD_PX : ROW_PX;
  const total = rows.total ?? 0;
  const first = Math.max(0, Math.floor(view.top / height) - SPARE_ROWS);
  const end = Math.min(total, Math.ceil((view.top + view.height) / height) + SPARE_ROWS);

  const measure = () => box.current && setView({ top: box.current.scrollTop, height: box.current.clientHeight });
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(measure);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  useEffect(() => {
    rows.listener = () => renew((n) => n + 1);
    renew((n) => n + 1);
  }, [rows]);
  useEffect(() => rows.want(first, end), [rows, first, end]);

  const head = () => (narrow ? 0 : ROW_PX);
  const reveal = (row) => {
    const { scrollTop, clientHeight } = box.current;
    const top = row * height;
    if (top < scrollTop) box.current.scrollTop = top;
    else if (top + height > scrollTop + clientHeight - head()) box.current.scrollTop = top + height - clientHeight + head();
    measure();
  };
  const go = (row, column = current.column) => {
    const to = {
      row: Math.min(Math.max(0, total - 1), Math.max(0, row)),
      column: Math.min(columns.length - 1, Math.max(0, column)),
    };
    onCurrent(to, rows.at(to.row));
    reveal(to.row);
    return to;
  };
  const edit = (row, column) => {
    const term = rows.at(row);
    if (editor && term && columns[column]?.language) onEditing({ id: term.id, column });
    else if (term) onOpen(term);
  };

  const onKeyDown = (event) => {
    if (event.target !== box.current || event.altKey || event.isComposing) return;
    const page = Math.max(1, Math.floor(view.height / height) - 2);
    const rtl = getComputedStyle(box.current).direction === "rtl" ? -1 : 1;
    const moves = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], PageDown: [page, 0], PageUp: [-page, 0], ArrowRight: [0, rtl], ArrowLeft: [0, -rtl],
      Home: event.ctrlKey ? [-total, 0] : [0, -columns.length], End: event.ctrlKey ? [total, 0] : [0, columns.length],
    };
    const term = rows.at(current.row);
    if (event.key in moves && (!event.ctrlKey || event.key === "Home" || event.key === "End")) {
      go(current.row + moves[event.key][0], current.column + moves[event.key][1]);
    } else if (event.ctrlKey || event.metaKey || !term) return;
    else if (event.key === "Enter" || event.key === "F2") edit(current.row, current.column);
    else if (event.key === " ") onOpen(term);
    else if (event.key === "Delete" && editor) onDelete(term);
    else return;
    event.preventDefault();
  };
  /** After a cell is saved or left: the focus goes back to the table, the current cell where the key says. */
  const leave = (step) => {
    onEditing(null);
    if (!step) return;
    box.current.focus();
    if (step[0] || step[1]) go(current.row + step[0], current.column + step[1]);
  };

  const template = { gridTemplateColumns: `${columns.map((c) => c.width).join(" ")} 46px` };
  return html`<div class="sheet" ref=${box} role="grid" aria-label="Terms" aria-rowcount=${total + 1} aria-colcount=${columns.length + 1} tabindex="0"
    aria-activedescendant=${current.row >= first && current.row < end ? cellId(current.row, current.column) : undefined} aria-busy=${rows.total === null ? "true" : "false"}
    onScroll=${measure} onKeyDown=${onKeyDown} onPaste=${editor && ((event) => event.target === box.current && onPaste(event))}>
    <div class="sheet-in">
      <div class="sheet-head" role="row" aria-rowindex="1" style=${template}>
        ${columns.map((column, i) => html`<div key=${column.key} role="columnheader" aria-colindex=${i + 1} class="sheet-title"
          aria-sort=${column.sort && sort.by === column.sort ? (sort.down ? "descending" : "ascending") : undefined}>
          ${column.sort
            ? html`<button type="button" class="sheet-sort" tabindex="-1" onClick=${() => onSort(column.sort)}>${column.label}<${SortMark} on=${sort.by === column.sort} down=${sort.down} /></button>`
            : column.label}
        </div>`)}
        <div role="columnheader" aria-colindex=${columns.length + 1} class="sheet-title"><span class="hush">Details</span></div>
      </div>
      <div class="sheet-space" role="rowgroup" style=${{ height: `${total * height}px` }}>
        ${range(first, end).map((index) => {
          const term = rows.at(index);
          const place = { ...(narrow ? {} : template), transform: `translateY(${index * height}px)` };
          if (!term) return html`<div key=${index} role="row" aria-rowindex=${index + 2} class="sheet-row waiting" style=${place}>
            ${columns.map((column) => html`<div key=${column.key} role="gridcell" class="cell"><i></i></div>`)}</div>`;
          return html`<div key=${index} role="row" aria-rowindex=${index + 2} style=${place} aria-selected=${index === current.row ? "true" : "false"}
            class=${`sheet-row ${index === current.row ? "here" : ""} ${opened === term.id ? "opened" : ""}`}
            onClick=${narrow ? () => (onCurrent({ row: index, column: 0 }, term), onOpen(term)) : undefined}>
            ${columns.map((column, c) => {
              const here = index === current.row && c === current.column;
              const editingHere = editing?.id === term.id && editing.column === c;
              return html`<div key=${column.key} role="gridcell" id=${cellId(index, c)} aria-colindex=${c + 1} class=${`cell cell-${column.key} ${column.language ? "cell-text" : ""} ${here ? "here" : ""}`}
                onMouseDown=${narrow ? undefined : () => !editingHere && onCurrent({ row: index, column: c }, term)}
                onDblClick=${narrow ? undefined : () => edit(index, c)}>
                ${editingHere
                  ? html`<${CellEditor} term=${term} language=${column.language} label=${column.label} onSave=${onSave} onLeave=${leave} />`
                  : html`<${Cell} term=${term} column=${column} names=${names} />`}
              </div>`;
            })}
            <div role="gridcell" aria-colindex=${columns.length + 1} class="cell cell-open"><button type="button" class="icon-button" tabindex="-1"
              aria-label="Details" onClick=${(e) => (e.stopPropagation(), onCurrent({ row: index, column: current.column }, term), onOpen(term))}><${Icon} name="detail" size=${18} /></button></div>
          </div>`;
        })}
      </div>
    </div>
    ${rows.total === 0 && empty}
  </div>`;
}

function SortMark({ on, down }) {
  return html`<span class="sort-mark" aria-hidden="true">${on ? (down ? "↓" : "↑") : ""}</span>`;
}

function useNarrow() {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const renew = () => setNarrow(query.matches);
    query.addEventListener("change", renew);
    return () => query.removeEventListener("change", renew);
  }, []);
  return narrow;
}

function cellId(row, column) {
  return `cell-${row}-${column}`;
}

function range(first, end) {
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
}

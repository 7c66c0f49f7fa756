/** Rows of a long list that lies on the server: pages are asked for as they come into view and kept. */

const PAGE = 100;
const KEPT_PAGES = 60;
const REST_MS = 60; // who flies over the list asks only for where she stops

export class Rows {
  /**
   * @param {(offset: number, limit: number) => Promise<{total: number, rows: Object[]}>} ask
   * @param {(error: Error) => void} onError
   */
  constructor(ask, onError) {
    this.ask = ask;
    this.onError = onError;
    this.total = null;
    this.pages = new Map(); // number: rows, or null while they are on their way
    this.listener = () => {};
    this.timer = null;
    this.stopped = false;
  }

  /** @returns {Object|null} null while it has not come */
  at(index) {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  }

  /** Asks for what is missing of rows `first` to `end`. */
  want(first, end) {
    clearTimeout(this.timer);
    const missing = this.missing(first, end);
    if (!missing.length) return;
    if (this.total === null) missing.forEach((page) => void this.load(page));
    else this.timer = setTimeout(() => this.missing(first, end).forEach((page) => void this.load(page)), REST_MS);
  }

  missing(first, end) {
    const pages = [];
    for (let page = Math.floor(first / PAGE); page * PAGE < Math.max(end, 1); page += 1) {
      if (!this.pages.has(page)) pages.push(page);
    }
    return pages;
  }

  async load(page) {
    this.pages.set(page, this.pages.get(page) ?? null);
    try {
      const { total, rows } = await this.ask(page * PAGE, PAGE);
      if (this.stopped) return;
      this.total = total;
      this.pages.set(page, rows);
      this.forget(page);
      this.listener();
    } catch (error) {
      this.pages.delete(page);
      if (!this.stopped) this.onError(error);
    }
  }

  /** Pages far from the one just loaded go first. */
  forget(page) {
    if (this.pages.size <= KEPT_PAGES) return;
    const far = [...this.pages.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
    far.slice(0, this.pages.size - KEPT_PAGES).forEach((each) => this.pages.delete(each));
  }

  /** Puts a changed row in its place without asking again. */
  replace(row) {
    for (const [page, rows] of this.pages) {
      const index = rows?.findIndex((each) => each.id === row.id) ?? -1;
      if (index < 0) continue;
      this.pages.set(page, rows.with(index, { ...rows[index], ...row }));
      this.listener();
      return;
    }
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.listener = () => {};
  }
}

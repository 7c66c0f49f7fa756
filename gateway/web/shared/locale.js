/** Names of languages, writing direction, times and dates, all in the reader's own language. */

const RIGHT_TO_LEFT = new Set(["ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"]);
const DAY_MS = 86_400_000;

/** @returns {string} the language part of a tag, in small letters: "pt-BR" gives "pt" */
export function baseLanguage(tag) {
  return (tag ?? "").split(/[-_]/)[0].toLowerCase();
}

export function directionOf(tag) {
  return RIGHT_TO_LEFT.has(baseLanguage(tag)) ? "rtl" : "ltr";
}

/** A locale that Intl takes, from whatever a page declares. */
export function usableLocale(tag, fallback = "en") {
  try {
    return Intl.getCanonicalLocales((tag ?? "").replace("_", "-"))[0] ?? fallback;
  } catch {
    return fallback;
  }
}

/** @returns {(tag: string) => string} names of languages in the language of `locale` */
export function languageNames(locale) {
  const names = new Intl.DisplayNames([locale], { type: "language", fallback: "code" });
  return (tag) => {
    try {
      return names.of(tag) ?? tag;
    } catch {
      return tag ?? "";
    }
  };
}

/** @returns {string} a language's name in itself, with a capital: "Português" */
export function ownName(tag) {
  const name = languageNames(tag)(tag);
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

/** Clock times and days as the reader writes them. */
export function timeWords(locale) {
  const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long" });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const capital = (text) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  return {
    clock: (ts) => clock.format(ts),
    full: (ts) => full.format(ts),
    /** "Today", "Yesterday", a weekday, else the date */
    day(ts, now = Date.now()) {
      const days = Math.round((midnight(now) - midnight(ts)) / DAY_MS);
      if (days < 2) return capital(relative.format(-days, "day"));
      return capital(days < 7 ? weekday.format(ts) : date.format(ts));
    },
  };
}

function midnight(ts) {
  return new Date(ts).setHours(0, 0, 0, 0);
}

/** @returns {boolean} both times are on one day */
export function sameDay(a, b) {
  return midnight(a) === midnight(b);
}

/** @returns {string} a span of time in short: "now", "4 min", "3 h", "2 d" */
export function shortSpan(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

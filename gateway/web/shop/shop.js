/** The demo shop: goods and words in the visitor's language (?lang=, else the browser's). */
import { directionOf, ownName, usableLocale } from "../shared/locale.js";
import { GOODS, WORDS } from "./words.js";

const wanted = new URL(location.href).searchParams.get("lang");
const candidates = wanted ? [wanted] : navigator.languages;
const locale = candidates.map((tag) => usableLocale(tag)).find((tag) => languageOf(tag) in WORDS) ?? "en";

show(locale);

function show(tag) {
  const language = languageOf(tag);
  const words = WORDS[language];
  document.documentElement.lang = tag;
  document.documentElement.dir = directionOf(tag);
  for (const element of document.querySelectorAll("[data-words]")) element.textContent = words[element.dataset.words];

  const money = new Intl.NumberFormat(tag, { style: "currency", currency: "EUR" });
  document.getElementById("list").replaceChildren(
    ...GOODS.map(({ art, price, names }) => {
      const item = document.createElement("li");
      const picture = Object.assign(document.createElement("img"), {
        src: new URL(`./art/${art}.svg`, import.meta.url).href, alt: "", width: 320, height: 300, loading: "lazy",
      });
      const name = Object.assign(document.createElement("h3"), { textContent: names[language] });
      const cost = Object.assign(document.createElement("p"), { textContent: money.format(price) });
      item.append(picture, name, cost);
      return item;
    }),
  );

  const choice = document.getElementById("language");
  choice.replaceChildren(
    ...Object.keys(WORDS).map((key) => {
      const option = new Option(ownName(key), key, false, key === language);
      option.lang = key;
      return option;
    }),
  );
  choice.onchange = () => {
    const address = new URL(location.href);
    address.searchParams.set("lang", choice.value);
    history.replaceState(null, "", address);
    show(choice.value);
  };
}

function languageOf(tag) {
  return tag.split("-")[0].toLowerCase();
}

// @ts-check
// A change in a few words: "score Registratie 6 → 7".

import { scoreText } from "../pictures/radar.js";

const MOST_LETTERS = 30;

/** @param {any} text */
function clip(text) {
  const letters = [...String(text ?? "").trim().replace(/\s+/g, " ")];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join("").trimEnd()}…` : letters.join("");
}

/** @param {string} item @param {string} field */
function kindOf(item, field) {
  if (item.startsWith("actie.")) return "een actie";
  if (item.startsWith("cijfer.")) return "een vastgezet cijfer";
  return field === "group" ? "een kandidaat" : "een rij";
}

/** @param {import("./link.js").SessionLink} link @param {string} item */
function itemName(link, item) {
  const shown = link.value(item, "shown");
  const texts = [shown?.title, ...["what", "group", "problem"].map((field) => link.value(item, field))];
  const found = texts.find((text) => String(text ?? "").trim());
  return found ? `“${clip(found)}”` : kindOf(item, "removed");
}

/**
 * What a step changed, in words.
 * @param {import("./history.js").Part[]} parts
 * @param {import("./link.js").SessionLink} link
 * @param {(item: string, field: string) => string} nameOf
 */
export function changeWords(parts, link, nameOf) {
  const made = parts.find((part) => part.fresh);
  if (made) return `toevoegen van ${kindOf(made.item, made.field)}`;
  const part = parts.find((one) => one.field === "chosen" && one.after === true) ?? parts[0];
  const { item, field, before, after } = part;
  const label = clip(nameOf(item, field));
  const at = label ? ` bij “${label}”` : "";
  switch (field) {
    case "score":
      return `score ${label} ${scoreText(before)} → ${scoreText(after)}`;
    case "target":
      return `streefscore ${label} ${before ?? "–"} → ${after ?? "–"}`;
    case "removed":
      return `${after === true ? "weghalen" : "terugzetten"} van ${itemName(link, item)}`;
    case "chosen":
      return after === true ? `focus ${itemName(link, item)}` : "focus niet meer gekozen";
    case "applicable":
      return `${after === false ? "niet van toepassing" : "toch bespreken"}${at}`;
    default:
      if (part.text) return `tekst${at}`;
      return typeof (after ?? before) === "boolean" ? `vinkje${at}` : `keuze${at}`;
  }
}

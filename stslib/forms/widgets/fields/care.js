// @ts-check
// A gentle look at what is typed: does it hold something that belongs to one person? Nothing is blocked, sent or changed here.

const NATIONAL_NUMBER = /(?<!\d)(\d{2})[\s./-]?(\d{2})[\s./-]?(\d{2})[\s./-]{0,3}(\d{3})[\s./-]?(\d{2})(?!\d)/g;

// The zone or the mobile prefix stands in one piece: 01/09/2026 14:00 is a day and an hour, 012/34 56 78 is a line.
const PHONE = new RegExp(
  [
    String.raw`(?<![\d.,+])(?:(?:\+|00)\s?32[\s./-]?(?:\(0\)\s?)?|\(?0)`,
    String.raw`(?:4\d{2}\)?[\s./-]{0,3}(?:\d{2}[\s./-]?\d{2}[\s./-]?\d{2}|\d{3}[\s./-]?\d{3})`,
    String.raw`|[2349]\)?[\s./-]{0,3}\d{3}[\s./-]?\d{2}[\s./-]?\d{2}`,
    String.raw`|[1-8]\d\)?[\s./-]{0,3}\d{2}[\s./-]?\d{2}[\s./-]?\d{2})(?!\d)`,
  ].join(""),
);

// Bounded on both sides, so that a long text without an end is read in one go.
const MAIL = /[^\s@<>()",;:]{1,64}@[^\s@<>()",;:]{1,190}\.[a-z]{2,24}/i;

/**
 * Whether the check digits are those of a Belgian national number. Births from 2000 on are counted with a 2 in front;
 * months of 20 and 40 higher are those of who has no number of the register yet.
 * @param {string[]} parts year, month, day, order, check
 */
function checksOut([year, month, day, order, check]) {
  if (Number(month) % 20 > 12 || Number(month) > 52 || Number(day) > 31) return false;
  const number = Number(`${year}${month}${day}${order}`);
  return [number, 2_000_000_000 + number].some((counted) => 97 - (counted % 97) === Number(check));
}

/** What *text* seems to hold, each with its article; empty when nothing catches the eye. @param {string} text @returns {string[]} */
export function warnAbout(text) {
  const found = [];
  const digits = /\d{2}/.test(text);
  if (digits && [...text.matchAll(NATIONAL_NUMBER)].some((match) => checksOut(match.slice(1)))) found.push("een rijksregisternummer");
  if (digits && PHONE.test(text)) found.push("een telefoonnummer");
  if (text.includes("@") && MAIL.test(text)) found.push("een e-mailadres");
  return found;
}

/** The warning below a field, or nothing. @param {string[]} found */
export function careText(found) {
  if (found.length === 0) return "";
  const named = found.length === 1 ? found[0] : `${found.slice(0, -1).join(", ")} en ${found[found.length - 1]}`;
  return `Dit lijkt op ${named}. Laat namen en gegevens van leerlingen of gezinnen weg.`;
}

// @ts-check
// The way to an archive, and to what was made of it.

import { h } from "./dom.js";

/** The address of a file on the shelf. @param {string} path relative to the folder of the archives, with slashes */
export function archiveAddress(path) {
  return `archief/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** A link to a file on the shelf; its name where there is no server. @param {string} path @param {string} text @param {string} [heard] what is heard besides */
export function archiveLink(path, text, heard = "") {
  const inside = [text, heard && h("span", { class: "sts-unseen" }, ` ${heard}`)];
  if (!document.body.dataset.voila) return h("span", {}, ...inside, ": ", h("code", {}, path));
  return h("a", { href: archiveAddress(path), target: "_blank", rel: "noopener", "data-keep": path }, ...inside);
}

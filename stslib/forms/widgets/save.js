// @ts-check
// A file that a person asked for, saved by the browser.

import { h } from "./dom.js";

/** Hand a file to the browser. @param {{name: string, type: string, content: string}} file content in base64 */
export function saveFile(file) {
  const bytes = Uint8Array.from(atob(file.content), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: file.type }));
  const link = h("a", { href: address, download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

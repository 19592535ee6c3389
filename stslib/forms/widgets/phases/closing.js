// @ts-check
// The last step: what belongs to the session as a whole, and the archive.

import { h } from "../dom.js";

/** @typedef {import("../session_form.js").SessionPage} Page */

export class Closing {
  /** @param {Page} page @param {any} panel */
  constructor(page, panel) {
    this.page = page;
    const { binder, about } = page;
    const item = "sessie";
    this.status = h("p", { class: "sts-closing-status", role: "status" });
    this.button = h("button", { type: "button", class: "sts-primary", onclick: () => this.start() }, "Sessie afsluiten");
    this.archives = h("div", { class: "sts-archives" });
    panel.append(
      h("h2", {}, "Sessie afsluiten"),
      h(
        "p",
        { class: "sts-intro" },
        "Afsluiten schrijft alles wat in deze sessie besproken is, van elk instrument, in één bestand dat je kunt openen, afdrukken en doorgeven, ook zonder internet. Je kunt daarna nog verder werken: opnieuw afsluiten maakt een nieuwe versie en laat de oude staan.",
      ),
      h(
        "div",
        { class: "sts-closing" },
        binder.textLine({ item, field: "title", label: "Titel van het overleg" }),
        binder.textLine({ item, field: "date", label: "Datum van het overleg", hint: `Als dag/maand/jaar. Leeg gelaten geldt ${about.created}.` }),
        binder.textArea({ item, field: "participants", label: "Wie was erbij?", hint: "Noteer functies, geen namen: directie, zorgcoördinator, leerkracht 3de jaar, CLB." }),
        binder.textArea({ item, field: "notes", label: "Afspraken en bedenkingen die nergens anders staan", rows: 3 }),
      ),
      h("p", {}, this.button),
      this.status,
      this.archives,
    );
    binder.listen(page.link, "message", (event) => this.follow(event.detail));
    this.drawArchive(about.archive);
  }

  start() {
    const { link } = this.page;
    if (link.offline) {
      this.status.replaceChildren("Er is nu geen verbinding. Verbind eerst opnieuw; wat je typte wacht veilig in deze browser.");
      return;
    }
    this.button.disabled = true;
    this.status.replaceChildren("Het archief wordt geschreven…");
    const begin = () => {
      if (link.pending.size) return false;
      link.removeEventListener("status", begin);
      link.send({ kind: "close", writer: link.writer });
      return true;
    };
    link.flush();
    if (!begin()) link.addEventListener("status", begin);
  }

  /** @param {any} message */
  follow(message) {
    if (message.kind === "closing") this.status.replaceChildren(message.text);
    if (message.kind === "closed") {
      this.button.disabled = false;
      this.status.replaceChildren(`Afgesloten om ${message.archive.at}.`);
      this.drawArchive(message.archive);
    }
    if (message.kind === "close-failed") {
      this.button.disabled = false;
      this.status.replaceChildren(message.text);
    }
  }

  /** @param {any} archive */
  drawArchive(archive) {
    if (!archive) return;
    const inPage = Boolean(document.body.dataset.voila);
    this.archives.replaceChildren(
      h(
        "p",
        { class: "sts-archive" },
        inPage ? h("a", { href: `archief/${encodeURIComponent(archive.archive)}`, target: "_blank", rel: "noopener" }, "Open het archief") : null,
        ` ${archive.archive}`,
        h("small", {}, ` SHA-256 ${archive.sha256}`),
      ),
    );
  }
}

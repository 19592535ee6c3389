// @ts-check
// One message in the place of a page that cannot be shown, with the way out.

import { h } from "./dom.js";

export default {
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const back = document.body.dataset.voila ? h("p", {}, h("a", { href: "start" }, "Naar de trajecten")) : null;
    el.append(
      h("div", { class: "sts" }, h("div", { class: "sts-message", "data-level": "warning", role: "status" }, h("p", {}, h("strong", {}, model.get("title")), ` ${model.get("text")}`), back)),
    );
  },
};

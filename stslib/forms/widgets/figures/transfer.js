// @ts-check
// Bringing files over to the kernel in pieces, a few ahead of the answers.

const PIECE = 512 * 1024; // bytes in one message
const AHEAD = 4; // messages sent before the first answer

/** @typedef {import("../figures_page.js").FiguresView} View */

export class Transfer {
  /** @param {View} page */
  constructor(page) {
    this.page = page;
    this.stopped = false;
    /** @type {Map<string, (answer: any) => void>} */
    this.waiters = new Map();
    page.binder.listen(page.link, "message", ({ detail }) => {
      if (detail.kind === "chunk-ok") this.waiters.get(`${detail.role}:${detail.index}`)?.(detail);
    });
  }

  /** @param {{role: string, file: File}[]} files @param {(label: string, share: number) => void} progress @returns {Promise<boolean>} whether all came over */
  async bring(files, progress) {
    this.stopped = false;
    const total = files.reduce((sum, one) => sum + one.file.size, 0);
    let done = 0;
    for (const { role, file } of files) {
      this.page.link.send({ kind: "file-begin", role, name: file.name, size: file.size });
      const flight = [];
      for (let index = 0; index * PIECE < file.size; index += 1) {
        if (this.stopped) return false;
        const bytes = await file.slice(index * PIECE, (index + 1) * PIECE).arrayBuffer();
        const answered = new Promise((resolve) => this.waiters.set(`${role}:${index}`, resolve));
        this.page.link.send({ kind: "file-chunk", role, index }, [bytes]);
        flight.push(answered);
        if (flight.length >= AHEAD) await flight.shift();
        done += bytes.byteLength;
        progress(`${file.name} wordt overgebracht…`, done / total);
      }
      await Promise.all(flight);
      this.waiters.clear();
    }
    return !this.stopped;
  }

  stop() {
    this.stopped = true;
  }
}

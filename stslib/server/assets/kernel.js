// @ts-check
// Voilà's scripts are run while the kernel is still at work, with a configuration that does not name it. Once it answered, its own
// configuration takes the place of that one; what was read already finds the kernel on the body, where it is looked for second.
(() => {
  const [early, whole] = document.querySelectorAll("script[id='jupyter-config-data']");
  if (!early || !whole) return;
  document.body.dataset.kernelId = JSON.parse(whole.textContent ?? "{}").kernelId;
  early.remove();
})();

// Voilà's front end fetches a formula typesetter before it shows anything; no page holds a formula, so this one does nothing.
(() => {
  const nothing = () => {};
  window.MathJax = { Hub: { Config: nothing, Configured: nothing, Queue: nothing, Register: { StartupHook: nothing } } };
})();

// What the page knows of itself before and beside its widgets: ready, failed, cut off; and the end of its kernel.
window.svcPage = (() => {
  const words = JSON.parse(document.getElementById("svc-words").textContent);
  const root = document.documentElement;
  let trouble = false;

  function say(what, reference = "") {
    const notice = document.getElementById("svc-notice");
    notice.querySelector("span").textContent = words[what].replace("{reference}", reference);
    notice.querySelector("button").onclick = () => location.reload();
    notice.hidden = false;
    trouble = true;
    root.dataset.trouble = what;
    document.getElementById("svc-skeleton").removeAttribute("aria-busy");
  }

  // The page's widget is on the screen: the skeleton goes.
  const mounted = new MutationObserver(() => {
    if (!document.querySelector("#rendered_cells .v-application")) return;
    mounted.disconnect();
    requestAnimationFrame(() => { root.dataset.ready = ""; });
  });
  mounted.observe(root, { childList: true, subtree: true });

  // The kernel's end and a cut connection are told: a page that only stops answering looks like a slow one.
  function watchKernel() {
    const kernel = window.jupyterapp?.widgetManager?.kernel;
    if (!kernel) { setTimeout(watchKernel, 200); return; }
    kernel.statusChanged.connect((_, status) => {
      if (["dead", "restarting", "autorestarting"].includes(status)) say("ended");
    });
    let cut = 0;
    kernel.connectionStatusChanged.connect((_, status) => {
      clearTimeout(cut);
      if (status !== "connected") cut = setTimeout(() => say("cut"), 4000);
      else if (root.dataset.trouble === "cut") location.reload();
    });
  }

  function kernelStarted(base, kernel) {
    // JupyterLab's PageConfig looks here for what its configuration, read long before, does not say.
    document.body.dataset.kernelId = kernel;
    const leave = () => {
      const form = new FormData();
      form.append("_xsrf", (document.cookie.match("\\b_xsrf=([^;]*)\\b") || [])[1] || "");
      navigator.sendBeacon(`${base}voila/api/shutdown/${kernel}`, form);
    };
    // Phones know only the one, a tab that is closed while it loads only the other.
    window.addEventListener("pagehide", leave);
    window.addEventListener("beforeunload", leave);
    // Back from the browser's memory: the kernel is gone, so start anew.
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    watchKernel();
  }

  function cellsDone() {
    setTimeout(() => { if (!trouble && !("ready" in root.dataset)) say("slow"); }, 60000);
  }

  window.voila_heartbeat = () => {};
  return { say, kernelStarted, cellsDone };
})();

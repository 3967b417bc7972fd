// Runs before the page is drawn: says that scripts run, and follows the stored choice of light or dark.
(() => {
  const root = document.documentElement;
  const dark = document.getElementById("dark-sheet");
  const followed = dark.media;
  const media = { light: "not all", dark: "screen" };
  const choose = (choice) => { dark.media = media[choice] ?? followed; };
  root.classList.add("js");
  let stored = null;
  try { stored = localStorage.getItem("theme"); } catch { /* storage refused: follow the system */ }
  choose(stored);
  document.addEventListener("DOMContentLoaded", () => {
    for (const radio of document.querySelectorAll("[data-theme] input")) {
      radio.checked = radio.value === (stored ?? "auto");
      radio.addEventListener("change", () => {
        choose(radio.value);
        try { localStorage.setItem("theme", radio.value); } catch { /* kept for this page only */ }
      });
    }
  });
})();

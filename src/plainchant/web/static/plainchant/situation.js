// Questions that only make sense after another answer are shown with it. Without scripts all are shown.
"use strict";
(() => {
  const show = (form) => {
    const data = new FormData(form);
    for (const part of form.querySelectorAll("[data-only-if]")) {
      part.hidden = !data.getAll(part.dataset.onlyIf).includes(part.dataset.onlyValue);
    }
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-questions]").forEach(show));
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-questions]");
    if (form) show(form);
  });
})();

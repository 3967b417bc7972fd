// A button after each password shows what was typed, and hides it again before the form leaves.
"use strict";
(() => {
  const set = (input, button, visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? "Masquer" : "Afficher";
    const hidden = document.createElement("span");
    hidden.className = "visually-hidden";
    hidden.textContent = ` : ${input.labels[0].textContent.trim()}`;
    button.append(hidden);
  };
  document.addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("input[data-reveal]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-link";
      button.setAttribute("aria-controls", input.id);
      set(input, button, false);
      button.addEventListener("click", () => set(input, button, input.type === "password"));
      input.after(button);
      input.form?.addEventListener("submit", () => set(input, button, false));
    }
  });
})();

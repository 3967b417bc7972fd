// The sheet of an entered invoice: live totals, a grid for the keyboard, lines pasted from a spreadsheet, and a copy
// of what is typed kept in this tab until the portal has it. Every action has its button without scripts.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const lines = (form) => all("[data-line]", form);
  const renumber = (form) => lines(form).forEach((line, place) => {
    for (const element of all("[name], [id], [for], [aria-describedby], [value]", line)) {
      for (const attribute of ["name", "id", "for", "aria-describedby"]) {
        const text = element.getAttribute(attribute);
        if (text) element.setAttribute(attribute, text.replace(/(lines|net)-\d+/g, `$1-${place}`));
      }
    }
    const remove = one("[data-remove-line]", line);
    if (remove) remove.value = `remove-line-${place}`;
    for (const words of all(".visually-hidden", line)) words.textContent = words.textContent.replace(/([Ll]igne) \d+/, `$1 ${place + 1}`);
  });

  // Totals follow what is typed, computed by the portal: one arithmetic for the screen, the page and the data
  let waiting;
  const add = (form) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      htmx.ajax("POST", form.dataset.totals, { source: one("[data-lines]", form), target: "#totaux", swap: "outerHTML", values: Object.fromEntries(new FormData(form)) });
    }, 250);
  };
  const changed = (form) => {
    for (const name of ["input", "change"]) form.dispatchEvent(new Event(name, { bubbles: true }));
    add(form);
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-entry]");
    if (form && event.target !== form) add(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-entry]");
    if (!form || event.target === form) return;
    if (event.target.name === "vat_regime") {
      const without = ["SANS_TVA", "EXONERATION"].includes(event.target.value);
      one("[data-lines]", form).classList.toggle("is-without-vat", without);
    }
    add(form);
  });

  // Lines: added, removed, walked through with Enter
  const blank = (line) => {
    const copy = line.cloneNode(true);
    for (const words of all(".line-errors, .line-doubts", copy)) words.remove();
    for (const field of all("input, textarea", copy)) {
      field.value = field.name.endsWith("-rate") ? field.value : "";
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    one("details", copy).open = false;
    one("output", copy).textContent = "";
    return copy;
  };
  const append = (form) => {
    const last = lines(form).at(-1);
    const room = one("[data-lines]", form);
    const isFull = lines(form).length >= Number(room.dataset.maxLines);
    one("[data-full]", room).hidden = !isFull;
    if (!last || isFull) return null;
    const copy = blank(last);
    last.after(copy);
    renumber(form);
    return copy;
  };
  document.addEventListener("click", (event) => {
    const form = event.target.closest?.("form[data-entry]");
    if (!form) return;
    if (event.target.closest("[data-add-line]") && lines(form).length) {
      event.preventDefault();
      const added = append(form);
      if (!added) return;
      one("input", added).focus();
      changed(form);
    }
    const remove = event.target.closest("[data-remove-line]");
    if (remove) {
      event.preventDefault();
      const line = remove.closest("[data-line]");
      const near = line.nextElementSibling ?? line.previousElementSibling;
      if (near) line.remove();
      else for (const field of all("input, textarea", line)) field.value = "";
      renumber(form);
      one("input", near ?? line).focus();
      changed(form);
    }
    if (event.target.closest("[data-paste-lines]")) {
      event.preventDefault();
      paste(form, one("#id_pasted", form).value);
      one("#id_pasted", form).value = "";
    }
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const line = field.closest?.("[data-line]");
    if (!line || event.key !== "Enter" || event.ctrlKey || event.metaKey || !field.matches("input, select")) return;
    event.preventDefault(); // the form is sent by its button, not by a cell
    const form = field.form;
    const part = field.name.replace(/lines-\d+-/, "");
    const next = line.nextElementSibling ?? append(form);
    if (next) one(`[name$="-${part}"]`, next)?.focus();
  });

  // Cells copied in a spreadsheet and pasted in a cell here become lines
  const paste = (form, text) => {
    if (!text.trim()) return;
    const values = Object.fromEntries(new FormData(form));
    values.pasted = text;
    htmx.ajax("POST", form.dataset.paste, { source: form, target: "#lignes", swap: "outerHTML", values })
      .then(() => { changed(form); one("#lignes").focus(); });
  };
  document.addEventListener("paste", (event) => {
    const line = event.target.closest?.("[data-line]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!line || !text.includes("\t") || event.target.tagName === "TEXTAREA") return;
    event.preventDefault();
    paste(line.closest("form"), text);
  });

  // What is typed stays in this tab until the portal says it has it: a lost session or server loses nothing
  const stored = (key, value) => {
    try {
      if (value === undefined) return JSON.parse(sessionStorage.getItem(key));
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    } catch { /* storage refused: the autosave alone remains */ }
    return null;
  };
  const content = (form) => [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "revision", "tab", "other", "pasted"].includes(name));
  const keep = (form) => stored(form.dataset.keep, { at: Date.now(), content: content(form) });
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest?.("form[data-keep]");
      if (form) keep(form);
    });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.dataset?.keep || event.detail.pathInfo?.requestPath !== form.dataset.autosave) return;
    if (event.detail.successful && event.detail.xhr.responseText.includes("data-saved")) stored(form.dataset.keep, null);
  });
  const offer = (form) => {
    const kept = stored(form.dataset.keep);
    if (!kept) return;
    const now = JSON.stringify(content(form));
    if (JSON.stringify(kept.content) === now || Date.now() - kept.at > 7 * 24 * 3600 * 1000) { stored(form.dataset.keep, null); return; }
    const box = document.createElement("div");
    box.className = "callout callout-warn kept";
    box.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = "Nous avons retrouvé ce que vous aviez tapé et qui n’avait pas pu être enregistré.";
    const back = document.createElement("button");
    const drop = document.createElement("button");
    for (const [button, label] of [[back, "Le reprendre"], [drop, "L’oublier"]]) {
      button.type = "button";
      button.className = "btn btn-secondary";
      button.textContent = label;
    }
    drop.addEventListener("click", () => { stored(form.dataset.keep, null); box.remove(); });
    back.addEventListener("click", () => {
      const wanted = new Set(kept.content.map(([name]) => name.match(/^lines-(\d+)-/)?.[1]).filter(Boolean)).size;
      while (lines(form).length < wanted && append(form));
      for (const radio of all("input[type=radio]", form)) radio.checked = false;
      for (const [name, value] of kept.content) {
        for (const field of all(`[name="${CSS.escape(name)}"]`, form)) {
          if (field.type === "radio") field.checked = field.value === value;
          else field.value = value;
        }
      }
      box.remove();
      changed(form);
    });
    const actions = document.createElement("div");
    actions.className = "actions";
    actions.append(back, drop);
    box.append(words, actions);
    form.before(box);
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) for (const form of all("form[data-keep]")) stored(form.dataset.keep, null);
  });
  document.addEventListener("DOMContentLoaded", () => all("form[data-keep]").forEach(offer));
})();

// What the pages gain when scripts run; every page works without. One small part a need, each found by its data attribute.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const clock = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", hour: "numeric", minute: "2-digit" });
  const hour = (at) => {
    const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${Number(part.hour)}\u00a0h\u00a0${part.minute}`;
  };
  const size = (bytes) => {
    const [value, unit] = bytes < 1024 ** 2 ? [bytes / 1024, "Ko"] : [bytes / 1024 ** 2, "Mo"];
    return `${value.toLocaleString("fr-FR", { maximumFractionDigits: value < 10 ? 1 : 0 })}\u202f${unit}`;
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // Head: the menu of a phone; what opens over the page closes again
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-nav-toggle]");
    if (toggle) {
      const open = toggle.getAttribute("aria-expanded") !== "true";
      toggle.setAttribute("aria-expanded", String(open));
      document.getElementById(toggle.getAttribute("aria-controls")).classList.toggle("is-open", open);
    }
    for (const menu of all("details[data-closes][open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details[data-closes][open]")) {
      menu.open = false;
      one("summary", menu).focus();
    }
  });

  // What is worth keeping on paper
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // Help is folded where it stands under the page
  const beside = matchMedia("(min-width: 68rem)");
  const foldHelp = () => { for (const help of all("[data-help]")) help.open = beside.matches; };
  beside.addEventListener("change", foldHelp);

  // Errors on top take the focus, and say so in the title of the page
  const showErrors = (within) => {
    const summary = one("[data-error-summary]", within);
    if (!summary) return;
    if (!document.title.startsWith("À corriger")) document.title = `À corriger – ${document.title}`;
    summary.focus();
  };
  const reach = (id) => {
    const target = document.getElementById(id);
    const field = target?.matches("input, select, textarea") ? target : target && one("input, select, textarea", target);
    if (!field) return false;
    field.closest("details")?.setAttribute("open", "");
    field.focus({ preventScroll: true });
    field.closest(".field, tr, fieldset")?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#'], .findings a[href^='#'], .doc-place");
    if (!link) return;
    const sides = link.closest("[data-sides]");
    if (sides?.dataset.sides === "document") showSide(sides, "values");
    if (reach(link.getAttribute("href").slice(1))) event.preventDefault();
  });

  // The CSRF token changes at each log-in, in another tab too: what is sent goes with the token of that moment
  const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  document.addEventListener("submit", (event) => {
    const field = one("[name=csrfmiddlewaretoken]", event.target);
    if (field && token()) field.value = token();
  }, true);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!token()) return;
    detail.headers["X-CSRFToken"] = token();
    if (detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = token();
  });

  // The log-in has ended: what was typed stays on the page, which says so until a request is answered again
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const notice = one("[data-logged-out]");
    if (notice && detail.xhr.status === 401) notice.hidden = false;
    else if (notice && detail.successful) notice.hidden = true;
    // What was asked for got no answer, or « not now » (502 to 504): a part of a page cannot say so, the page does
    const away = one("[data-away]");
    if (away) away.hidden = ![502, 503, 504].includes(detail.xhr.status);
  });

  // A form sends once
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter ?? one("[type=submit]", form);
    if (!button) return;
    button.dataset.words = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.once || "Envoi en cours…";
  }, true);
  const sendAgain = (form) => {
    delete form.dataset.sent;
    for (const button of all("[data-words]", form)) {
      button.textContent = button.dataset.words;
      button.removeAttribute("aria-disabled");
      delete button.dataset.words;
    }
  };
  addEventListener("pageshow", (event) => { if (event.persisted) all("[data-once]").forEach(sendAgain); });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.target.matches?.("[data-once]")) sendAgain(event.target); });

  // Leaving a page does not lose what was typed
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.touched = form.dataset.typed = "yes"; // touched until it is saved; typed in for good
  });
  document.addEventListener("submit", (event) => { delete event.target.dataset.touched; });
  addEventListener("beforeunload", (event) => { if (one("form[data-guard][data-touched]")) event.preventDefault(); });

  // What htmx brings has one thing to say (data-announce), spoken when its words change: a live region that comes with its
  // words is not, and a whole list would be read out
  const announce = (words) => {
    const region = one("#annonces");
    const text = words?.textContent.replace(/\s+/g, " ").trim();
    if (text && text !== region.textContent) region.textContent = text;
  };
  document.addEventListener("htmx:load", ({ target }) => {
    if (target !== document.body) announce(target.matches?.("[data-announce]") ? target : one("[data-announce]", target));
  });

  // A scan has been read while its page was open: show it, unless something has been typed (the page then offers a button)
  document.addEventListener("htmx:load", (event) => {
    if (event.target.matches?.("[data-recognised]") && !event.target.closest("[data-typed]")) location.reload();
  });

  // A form saves itself and says so: <form data-autosave="address"> with saved.html on the page
  const waiting = new WeakMap();
  const tell = (form, words, late) => {
    const line = one("[data-saved]", form) ?? one("[data-saved]");
    if (!line) return;
    line.textContent = words;
    line.classList.toggle("is-late", late);
  };
  const save = (form) => {
    tell(form, "Enregistrement…", true);
    form.dataset.saving = "yes";
    htmx.ajax("POST", form.dataset.autosave, { source: form, swap: "none" });
  };
  // Somebody else has typed meanwhile: both versions are shown, and nothing is saved until one is chosen
  const showConflict = (form, answer) => {
    delete form.dataset.unsaved;
    one("[data-conflict]").innerHTML = answer;
    one("#conflict")?.focus();
    tell(form, "Pas enregistré\u00a0: choisissez une version en haut de la page.", true);
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) for (const form of all("form[data-guard]")) delete form.dataset.touched;
  });
  // To the help and back: what is typed is saved first; a form that does not save itself keeps its page
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-help]");
    const form = one("form[data-guard][data-touched]");
    if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!form.dataset.autosave) {
      open(link.href, "_blank", "noopener");
      return;
    }
    clearTimeout(waiting.get(form));
    form.dataset.then = link.href;
    if (form.dataset.saving) form.dataset.again = "yes"; else save(form);
  });
  const saveSoon = (event, delay) => {
    const form = event.target.closest("form[data-autosave]");
    if (!form || event.target.type === "file") return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => save(form), delay));
  };
  document.addEventListener("input", (event) => saveSoon(event, 1500));
  document.addEventListener("submit", (event) => clearTimeout(waiting.get(event.target)));
  document.addEventListener("change", (event) => saveSoon(event, 300));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.dataset?.saving) return;
    delete form.dataset.saving;
    const { successful, xhr } = event.detail;
    const { then, again } = form.dataset;
    delete form.dataset.again;
    if (again) {
      save(form);
      return;
    }
    delete form.dataset.then;
    if (xhr.status === 409) {
      showConflict(form, xhr.responseText);
    } else if (successful && xhr.responseText.includes("data-saved")) {
      delete form.dataset.touched;
      delete form.dataset.unsaved;
      tell(form, `Enregistré à ${hour(new Date())}`, false);
      if (then) location.assign(then);
    } else if (successful) {
      tell(form, "Pas enregistré\u00a0: ce brouillon a été envoyé ou supprimé entre-temps. Rechargez la page pour le voir.", true);
    } else {
      form.dataset.unsaved = "yes";
      const why = xhr.status === 401 ? "vous n’êtes plus connecté" : "la connexion ne répond pas";
      tell(form, `Pas encore enregistré\u00a0: ${why}. Gardez cette page ouverte, l’essai reprend seul.`, true);
      setTimeout(() => { if (form.dataset.unsaved) save(form); }, 15000);
    }
  });
  const saveAgain = () => all("form[data-unsaved]").forEach(save);
  addEventListener("online", saveAgain);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) saveAgain(); });

  // The savings of one tab follow each other, from page to page too. A tab that was duplicated has a name of its own:
  // the first one holds the lock of that name.
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const holds = (name) => new Promise((resolve) => {
    navigator.locks.request(`plainchant-tab-${name}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
  const keptName = (name) => {
    try {
      if (name) sessionStorage.setItem("tab", name);
      return sessionStorage.getItem("tab");
    } catch { return null; } // storage refused: each page is a tab of its own
  };
  const nameOfTab = async () => {
    const known = keptName();
    if (known && navigator.locks && await holds(known)) return known;
    const name = fresh();
    if (navigator.locks) await holds(name);
    keptName(name);
    return name;
  };
  const nameTab = async () => {
    const unnamed = all("[data-tab]").filter((field) => !field.value);
    if (!unnamed.length) return;
    const name = await nameOfTab();
    for (const field of unnamed) field.value = name;
  };

  // A file: its name, its size, too heavy or not, how far it has gone
  const showFiles = (input) => {
    const zone = input.closest("[data-upload]");
    const state = one("[data-upload-state]", zone);
    const limit = Number(input.dataset.maxBytes) || Infinity;
    state.replaceChildren();
    zone.classList.toggle("is-full", input.files.length > 0);
    const heavy = [...input.files].find((file) => file.size > limit);
    if (heavy) {
      const line = document.createElement("p");
      line.className = "is-refused";
      line.textContent = `«\u00a0${heavy.name}\u00a0» pèse ${size(heavy.size)}\u00a0: la limite est de ${size(limit)}. Choisissez un fichier plus léger.`;
      state.append(line);
      input.value = "";
      return;
    }
    const most = Number(input.dataset.maxFiles) || Infinity;
    if (input.files.length > most) {
      const line = document.createElement("p");
      line.className = "is-refused";
      line.textContent = `${input.files.length} fichiers\u00a0: ${most} au plus peuvent partir ensemble. Mettez-les dans une archive .zip.`;
      state.append(line);
      input.value = "";
      return;
    }
    if (input.files.length > 10) {
      const line = document.createElement("p");
      const sum = [...input.files].reduce((total, file) => total + file.size, 0);
      line.textContent = `${input.files.length} fichiers, ${size(sum)} en tout`;
      state.append(line);
      return;
    }
    for (const file of input.files) {
      const line = document.createElement("p");
      for (const words of [file.name, size(file.size)]) {
        const span = document.createElement("span");
        span.textContent = words;
        line.append(span, " ");
      }
      state.append(line);
    }
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-upload] input[type=file]")) showFiles(event.target); });
  for (const [name, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => event.target.closest?.("[data-upload]")?.classList.toggle("is-over", over));
  }
  document.addEventListener("htmx:xhr:progress", (event) => {
    const line = one("[data-upload-progress]", event.target);
    if (!line || event.target.dataset.saving || !event.detail.lengthComputable) return; // no file goes with what saves itself
    line.hidden = false;
    one("progress", line).value = (100 * event.detail.loaded) / event.detail.total;
    one("[data-upload-figures]", line).textContent = `${size(event.detail.loaded)} sur ${size(event.detail.total)}`;
  });

  // A document and its form point at each other
  let lastField = null;
  const placeOf = (field) => {
    const id = field.dataset.place || field.id;
    return id ? one(`.doc-place[data-field="${CSS.escape(id)}"]`) : null;
  };
  const centre = (place) => {
    const pages = place.closest(".doc-pages");
    const [box, frame] = [place.getBoundingClientRect(), pages.getBoundingClientRect()];
    pages.scrollBy({ top: box.top + box.height / 2 - frame.top - frame.height / 2, behavior: still ? "auto" : "smooth" });
  };
  const light = (field) => {
    const place = placeOf(field);
    if (place?.classList.contains("is-lit")) return;
    for (const lit of all(".doc-place.is-lit")) lit.classList.remove("is-lit");
    if (!place) return;
    place.classList.add("is-lit");
    centre(place);
  };
  document.addEventListener("focusin", (event) => {
    if (!one("[data-document]") || !event.target.matches("input, select, textarea, summary[data-place]")) return;
    if (!event.target.matches("summary")) lastField = event.target;
    light(event.target);
  });
  document.addEventListener("mouseover", (event) => {
    const value = event.target.closest?.("[data-value] > summary, .value[data-place]");
    if (value) light(value);
  });

  // What was read: a press opens the field of a value, ready to be corrected; its line says what is typed
  document.addEventListener("click", (event) => {
    const value = event.target.closest?.("[data-value] > summary")?.parentElement;
    if (value) setTimeout(() => { if (value.open) one("input:not([type=hidden]), select, textarea", value)?.focus(); });
    const opening = event.target.closest?.("[data-open-all]");
    if (!opening) return;
    event.preventDefault();
    for (const closed of all("details.value:not([open])")) closed.open = true;
    opening.hidden = true;
    one(".value input:not([type=hidden])")?.focus();
  });
  const shown = (field) => {
    if (field.matches("select")) return field.selectedOptions[0]?.textContent.trim();
    if (field.type === "radio") return field.labels[0]?.textContent.trim();
    return field.value.trim() + (field.inputMode === "decimal" && /\d$/.test(field.value.trim()) ? "\u202f€" : "");
  };
  const showValue = (event) => {
    const line = one(":scope > summary [data-value-text]", event.target.closest?.("[data-value]") ?? document.createElement("p"));
    if (line) line.textContent = shown(event.target) || "aucun";
  };
  document.addEventListener("input", showValue);
  document.addEventListener("change", showValue);

  // An address that names a part which is folded opens it
  const openNamed = () => {
    const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    named?.closest?.("details")?.setAttribute("open", "");
    if (named?.matches?.("input, select, textarea")) named.focus(); // back from the help, at the field one had left
  };
  addEventListener("hashchange", openNamed);

  // On a phone: the document, or the values
  const showSide = (sides, side) => {
    sides.dataset.sides = side;
    for (const link of all("[data-side]", sides)) {
      if (link.dataset.side === side) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const lit = side === "document" && one(".doc-place.is-lit", sides);
    if (lit) lit.scrollIntoView({ block: "center" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-side]");
    if (!link) return;
    event.preventDefault();
    showSide(link.closest("[data-sides]"), link.dataset.side);
  });
  document.addEventListener("click", (event) => {
    const word = event.target.closest?.("[data-word]");
    if (!word || !lastField?.isConnected || !("value" in lastField)) return;
    lastField.value = word.dataset.word;
    for (const name of ["input", "change"]) lastField.dispatchEvent(new Event(name, { bubbles: true }));
    lastField.classList.remove("changed");
    requestAnimationFrame(() => lastField.classList.add("changed"));
    lastField.focus({ preventScroll: true });
    const label = lastField.labels?.[0]?.firstChild.textContent.trim() ?? "";
    one("[data-document-said]", word.closest("[data-document]")).textContent = `«\u00a0${word.dataset.word}\u00a0» est mis dans «\u00a0${label}\u00a0».`;
  });

  // A text that a public body keeps is put into the message, and its reason is chosen: <select data-fills>
  document.addEventListener("change", (event) => {
    const select = event.target;
    if (!select.matches("select[data-fills]") || !select.value) return;
    const message = one("textarea", select.form);
    message.value = select.selectedOptions[0].textContent;
    const reason = select.selectedOptions[0].closest("optgroup")?.label;
    for (const label of all("label", select.form)) if (label.textContent.trim() === reason) label.control?.click();
    message.focus();
  });
  // Lists: j and k walk, x chooses, Enter opens
  const typing = (target) => target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  // One letter presses a button, where it is written beside it; whoever types by voice cuts them, those of lists too
  const LETTERS = "plainchant-letters";
  let lettersAreCut = false;
  try { lettersAreCut = localStorage.getItem(LETTERS) === "cut"; } catch { /* storage refused: they are cut page by page */ }
  const nameLetters = () => {
    for (const words of all("[data-list-letters]")) words.hidden = !one("[data-list-keys]");
    for (const button of all("[data-letters]")) {
      button.hidden = false;
      button.textContent = lettersAreCut ? "Reprendre ces lettres" : "Couper ces lettres";
    }
    document.documentElement.classList.toggle("letters-cut", lettersAreCut);
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-letters]")) return;
    lettersAreCut = !lettersAreCut;
    try { localStorage.setItem(LETTERS, lettersAreCut ? "cut" : ""); } catch { /* it holds for this page */ }
    nameLetters();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target) || lettersAreCut) return;
    const target = /^[a-z]$/.test(event.key) && one(`[data-key="${event.key}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input")) target.focus();
    else target.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || lettersAreCut) return;
    const list = one("[data-list-keys]");
    if (!list) return;
    const rows = all("[data-row]", list);
    const here = rows.findIndex((row) => row.classList.contains("is-here") || row.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = rows[Math.min(Math.max(here + (event.key === "j" ? 1 : -1), 0), rows.length - 1)];
      if (!next) return;
      rows.forEach((row) => row.classList.toggle("is-here", row === next));
      one("[data-row-link]", next)?.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
      event.preventDefault();
    } else if (event.key === "x" && here >= 0) {
      one("[data-select-row]", rows[here])?.click();
      event.preventDefault();
    }
  });
  const count = (form) => {
    const bulk = one("[data-bulk]", form);
    const rows = all("[data-select-row]", form);
    const chosen = rows.filter((box) => box.checked).length;
    const every = one("[data-select-all]", form);
    if (every) { every.checked = chosen > 0 && chosen === rows.length; every.indeterminate = chosen > 0 && chosen < rows.length; }
    if (!bulk) return;
    bulk.hidden = chosen === 0;
    one("[data-bulk-count]", bulk).textContent = `${chosen} ${chosen > 1 ? bulk.dataset.many : bulk.dataset.one}`;
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (!form || !event.target.matches("[data-select-all], [data-select-row]")) return;
    if (event.target.matches("[data-select-all]")) for (const box of all("[data-select-row]", form)) box.checked = event.target.checked;
    count(form);
    announce(one("[data-bulk-count]", form));
  });

  const arrive = (within) => {
    showErrors(within);
    for (const bulk of all("[data-bulk]", within)) count(bulk.closest("form"));
  };
  document.addEventListener("DOMContentLoaded", () => { nameLetters(); foldHelp(); openNamed(); arrive(document); nameTab(); for (const sides of all("[data-sides]")) showSide(sides, "values"); });
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) arrive(event.target); });
})();

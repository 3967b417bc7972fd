// The operations of the OpenAPI document, one at a time, and a call of it with secrets that are kept nowhere. A sandbox
// offers its own.
"use strict";
(() => {
  const MOST = 20000; // letters of an answer that are shown

  const kindOf = (shape, schemas, depth = 0) => {
    if (!shape) return null;
    if (shape.$ref) return depth > 3 ? "…" : kindOf(schemas[shape.$ref.split("/").pop()], schemas, depth + 1);
    if (shape.anyOf) return kindOf(shape.anyOf.find((each) => each.type !== "null"), schemas, depth);
    if (shape.enum) return shape.enum.join(" | ");
    if (shape.type === "array") return [kindOf(shape.items, schemas, depth)];
    if (shape.properties) {
      return Object.fromEntries(
        Object.entries(shape.properties).map(([name, inner]) => [name, kindOf(inner, schemas, depth + 1)]),
      );
    }
    return shape.contentEncoding || shape.format || shape.type || "…";
  };

  const jsonOf = (part) => part?.content?.["application/json"]?.schema;
  const pretty = (value) => JSON.stringify(value, null, 2);

  const element = (tag, words, kind) => {
    const made = document.createElement(tag);
    made.textContent = words;
    if (kind) made.className = kind;
    return made;
  };

  const operationsOf = (api) =>
    Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, row]) => !row.tags.includes("oauth"))
        .map(([method, row]) => ({ path, method: method.toUpperCase(), row })),
    );

  const fill = (select, operations) => {
    const groups = new Map();
    for (const [place, { path, method, row }] of operations.entries()) {
      const tag = row.tags[0];
      if (!groups.has(tag)) {
        groups.set(tag, Object.assign(document.createElement("optgroup"), { label: tag }));
        select.append(groups.get(tag));
      }
      groups.get(tag).append(new Option(`${method} ${path}`, place));
    }
  };

  const show = (form, api, operations) => {
    const { path, method, row } = operations[form.operation.value];
    const schemas = api.components.schemas;
    form.querySelector("[data-about]").replaceChildren(
      element("p", `${method} ${path}`, "mono"),
      element("p", row["x-summary-fr"]),
    );
    const asked = jsonOf(row.requestBody);
    const answered = jsonOf(row.responses["200"]);
    const first = answered?.anyOf ? answered.anyOf[0] : answered;
    form.querySelector("[data-shapes]").textContent =
      `→ ${pretty(kindOf(asked, schemas)) ?? ""}\n\n← ${pretty(kindOf(first, schemas)) ?? ""}`;
    form.body.disabled = method === "GET";
    form.body.value = method === "GET" ? "" : "{}";
    form.querySelector("[data-answer]").replaceChildren();
  };

  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  const tokenFor = async (form, address) => {
    const secrets = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: form.client_id.value.trim(),
      client_secret: form.client_secret.value,
    });
    const answer = await fetch(address, { method: "POST", body: secrets, credentials: "omit" });
    const given = await answer.json();
    if (!answer.ok) throw new Error(given.error_description || given.libelle || String(answer.status));
    return given.access_token;
  };

  const call = async (form, api, operations) => {
    const { path, method } = operations[form.operation.value];
    const token = await tokenFor(form, api.components.securitySchemes.application.flows.clientCredentials.tokenUrl);
    const named = path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(window.prompt(name) ?? ""));
    const answer = await fetch(named, {
      method,
      credentials: "omit",
      headers: {
        Authorization: `Bearer ${token}`,
        "cpro-account": base64(`${form.login.value.trim()}:${form.password.value}`),
        ...(method === "GET" ? {} : { "Content-Type": "application/json" }),
      },
      ...(method === "GET" ? {} : { body: form.body.value }),
    });
    const text = await answer.text();
    let words = text;
    try {
      words = pretty(JSON.parse(text));
    } catch {
      // shown as it is
    }
    return [`Statut ${answer.status}`, words.length > MOST ? `${words.slice(0, MOST)}…` : words];
  };

  const offerAccounts = async (form) => {
    const { credentials } = await (await fetch(form.dataset.sandbox, { credentials: "omit" })).json();
    for (const [place, row] of credentials.entries()) {
      form.account.append(new Option(`${row.part}\u00a0: ${row.structure} (${row.siret})`, place));
    }
    const write = () => {
      for (const name of ["client_id", "client_secret", "login", "password"]) {
        form[name].value = credentials[form.account.value][name];
      }
    };
    form.account.addEventListener("change", write);
    write();
  };

  const start = async (form) => {
    const api = await (await fetch(form.dataset.explorer, { credentials: "omit" })).json();
    const operations = operationsOf(api);
    fill(form.operation, operations);
    form.hidden = false;
    show(form, api, operations);
    if (form.dataset.sandbox) await offerAccounts(form);
    form.operation.addEventListener("change", () => show(form, api, operations));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const place = form.querySelector("[data-answer]");
      place.replaceChildren(element("p", "Appel en cours…"));
      try {
        const [status, words] = await call(form, api, operations);
        const shown = element("pre", words);
        shown.tabIndex = 0;
        shown.setAttribute("aria-label", "Réponse");
        place.replaceChildren(element("p", status), shown);
      } catch (error) {
        place.replaceChildren(element("p", `L’appel n’a pas abouti\u00a0: ${error.message}`));
      }
    });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-explorer]").forEach(start));
})();

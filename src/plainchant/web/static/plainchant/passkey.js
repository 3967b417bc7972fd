// Passkeys: a form marked with data-passkey asks the browser for one, then leaves with the answer in it.
// The conversion of what WebAuthn speaks is webauthn-json's (mfa/js/webauthn-json.js).
"use strict";
(() => {
  const SENTENCES = {
    NotAllowedError: "Rien n’a été fait : la fenêtre a été fermée, ou le temps est passé. Recommencez quand vous voulez.",
    InvalidStateError: "Cet appareil a déjà une clé d’accès pour ce portail.",
    SecurityError: "Votre navigateur refuse : l’adresse de cette page n’est pas celle du portail.",
  };
  const UNKNOWN = "Votre navigateur n’y arrive pas. Choisissez un autre moyen.";

  const options = async (form) => {
    const here = document.getElementById(form.dataset.passkeyOptions || "");
    if (here) return JSON.parse(here.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };

  const ask = async (form) => {
    const given = await options(form);
    const credential =
      form.dataset.passkey === "create"
        ? await webauthnJSON.create(given.creation_options)
        : await webauthnJSON.get(given.request_options);
    form.elements.credential.value = JSON.stringify(credential);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const isAble = Boolean(window.webauthnJSON && webauthnJSON.supported());
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      const trouble = form.querySelector("[data-passkey-trouble]");
      const button = form.querySelector("button[type=submit]");
      if (!isAble && form.hasAttribute("data-passkey-optional")) continue; // it stays hidden
      form.hidden = false;
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        trouble.hidden = true;
        button.disabled = true;
        try {
          if (!isAble) throw new Error("no WebAuthn");
          await ask(form);
          form.submit();
        } catch (error) {
          trouble.querySelector("p").textContent = SENTENCES[error.name] || UNKNOWN;
          trouble.hidden = false;
          button.disabled = false;
        }
      });
    }
  });
})();

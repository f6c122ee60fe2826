/* Passkeys: asks the browser for one, and sends what it says in the form that the button stands in. */
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function opened(options) {
    const key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    for (const name of ["excludeCredentials", "allowCredentials"]) {
      for (const one of key[name] || []) one.id = bytes(one.id);
    }
    return options;
  }

  function told(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function ask(button) {
    const answer = await fetch(button.dataset.options, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no question to ask");
    const options = opened(await answer.json());
    const making = button.dataset.passkey === "create";
    return making ? navigator.credentials.create(options) : navigator.credentials.get(options);
  }

  for (const button of document.querySelectorAll("[data-passkey]")) {
    const trouble = button.form.querySelector("[data-passkey-trouble]");
    button.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        button.form.querySelector('[name="credential"]').value = JSON.stringify(told(await ask(button)));
        button.form.submit();
      } catch (refusal) {
        trouble.hidden = false;
        trouble.focus();
      }
    });
  }
})();

// Passkeys: when a form with data-passkey is sent, the browser is asked for a credential first.
// data-passkey: "add" makes one, "use" and "login" use one. data-options names the JSON the server
// put on the page; "login" asks the server for it. webauthn-json (allauth) turns bytes into text.
(() => {
  "use strict";

  async function options(form) {
    if (form.dataset.passkey === "login") {
      const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
      return (await answer.json()).request_options;
    }
    const given = JSON.parse(document.getElementById(form.dataset.options).textContent);
    return form.dataset.passkey === "add" ? given.creation_options : given.request_options;
  }

  async function credential(form) {
    const asked = await options(form);
    if (form.dataset.passkey !== "add") return webauthnJSON.get(asked);
    const alone = form.elements.passwordless ? form.elements.passwordless.checked : false;
    const choice = asked.publicKey.authenticatorSelection;
    choice.residentKey = alone ? "required" : "discouraged";
    choice.requireResidentKey = alone;
    if (alone) choice.userVerification = "required";
    return webauthnJSON.create(asked);
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = document.querySelector("[data-passkey-problem]");
      problem.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await credential(form));
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
})();

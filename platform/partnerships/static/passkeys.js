// Passkeys: the server says what to ask the browser for, the browser's answer goes back in the page's own form.

const decode = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (mark) => mark.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function options(form, address) {
  const answer = await fetch(address, {
    method: "POST", headers: { "X-CSRFToken": form.elements.csrf_token.value }, credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

function described(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = encode(response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: encode(credential.rawId), type: credential.type, response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  });
}

async function make(form) {
  const asked = await options(form, form.dataset.passkeyMake);
  asked.challenge = decode(asked.challenge);
  asked.user.id = decode(asked.user.id);
  for (const known of asked.excludeCredentials ?? []) known.id = decode(known.id);
  return navigator.credentials.create({ publicKey: asked });
}

async function ask(form) {
  const asked = await options(form, form.dataset.passkeyAsk);
  asked.challenge = decode(asked.challenge);
  for (const known of asked.allowCredentials ?? []) known.id = decode(known.id);
  return navigator.credentials.get({ publicKey: asked });
}

function serve(form, act) {
  form.hidden = false;
  const fault = form.querySelector("[data-passkey-fault]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      form.elements.answer.value = described(await act(form));
    } catch {
      fault.hidden = false; // cancelled, or the device knows no passkey of this place
      return;
    }
    form.submit();
  });
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey-make]")) serve(form, make);
  for (const form of document.querySelectorAll("form[data-passkey-ask]")) serve(form, ask);
}

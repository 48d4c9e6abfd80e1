// Parts of a page that follow what others do: [data-live] holds the address of its own fresh copy, [data-mark] what it shows.

const EVERY = 1000; // milliseconds: others' entries are seen within two seconds

/** Ask again and again for the part; the server answers 204 while nothing has changed. */
function follow(block) {
  let current = block;
  let timer = 0;
  let asking = false;

  async function look() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    try {
      const address = new URL(current.dataset.live, location); // it may ask for a language already
      address.searchParams.set("seen", current.dataset.mark);
      const answer = await fetch(address, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(5000) });
      if (answer.status === 200) current = swap(current, await answer.text());
      document.dispatchEvent(new CustomEvent("live:answer", { detail: answer.status }));
    } catch {
      document.dispatchEvent(new CustomEvent("live:answer", { detail: 0 }));
    } finally {
      asking = false;
      timer = setTimeout(look, EVERY);
    }
  }

  document.addEventListener("live:look", look);
  timer = setTimeout(look, EVERY);
}

/** Put the fresh part in place of the old one, and keep the keyboard where it was. */
function swap(old, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-live]");
  if (!fresh) return old;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const row = focused?.closest("[data-ref]")?.dataset.ref;
  const place = focused ? [...(focused.closest("[data-ref]") ?? old).querySelectorAll("a, button")].indexOf(focused) : -1;
  const here = document.importNode(fresh, true);
  old.replaceWith(here);
  if (focused) ((row && here.querySelector(`[data-ref="${CSS.escape(row)}"]`)) || here).querySelectorAll("a, button")[place]?.focus();
  return here;
}

for (const block of document.querySelectorAll("[data-live]")) follow(block);

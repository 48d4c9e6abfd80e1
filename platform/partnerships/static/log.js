// The live log: a line is read as it is typed, kept in this browser, and sent until the server has it. Works without this too.

import { all, drop, newKey, put } from "./outbox.js";

const form = document.querySelector("[data-log]");
const input = form.elements.line;
const panel = document.getElementById("understood");
const list = document.getElementById("log-waiting");
const state = document.getElementById("log-state");
const crossed = document.getElementById("log-crossed");
const words = form.dataset;
const conference = words.conference;
const acknowledged = (window.partnershipsLog = []); // what the server has said is saved: [key, reference]

// Reading what is typed

let shown = { line: null, certain: false };
let reading = 0;

/** Ask the server what a line says, and show it. Answers whether it can be logged; null when the server does not answer. */
async function understand(line) {
  const mine = ++reading;
  if (!line.trim()) {
    panel.replaceChildren();
    shown = { line: "", certain: false };
    return false;
  }
  try {
    const address = new URL(words.read, location); // it may ask for a language already
    address.searchParams.set("line", line);
    const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(3000) });
    if (answer.status !== 200) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === reading) {
      panel.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
      shown = { line, certain: page.querySelector("[data-certain]")?.dataset.certain === "yes" };
    }
    return page.querySelector("[data-certain]")?.dataset.certain === "yes";
  } catch {
    return null;
  }
}

let pause = 0;
input.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => understand(input.value), 150);
});
panel.addEventListener("click", (event) => {
  const choice = event.target.closest("button[data-line]");
  if (!choice) return;
  input.value = choice.dataset.line;
  input.focus();
  understand(input.value);
});

// Keeping and sending

const token = () => form.elements.csrf_token.value;

/** Keep an entry on the disk, show it as waiting, and set the sending going. */
async function keep(url, fields, line) {
  await put({ key: newKey(), conference, url, fields, line, at: Date.now(), asks: "" });
  await show();
  send();
}

let sending = false;
let delay = 300;
let again = 0;

/** Send what waits, oldest first, until nothing is left or the server does not answer; then again, a little later. */
async function send() {
  clearTimeout(again);
  if (sending) return;
  sending = true;
  try {
    for (const entry of (await all(conference)).filter((one) => !one.asks)) {
      if (!(await sendOne(entry))) {
        again = setTimeout(send, delay);
        delay = Math.min(delay * 2, 3000);
        return;
      }
      delay = 300;
    }
  } finally {
    sending = false;
  }
  if ((await all(conference)).some((one) => !one.asks)) send();
}

/** Send one entry. Answers false when it must be tried again. */
async function sendOne(entry) {
  const body = new URLSearchParams([...entry.fields, ["once", entry.key], ["csrf_token", token()]]);
  let answer, said;
  try {
    answer = await fetch(entry.url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(8000) });
    said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  } catch {
    tell(words.wordsLost);
    return false;
  }
  if (said?.ok) {
    acknowledged.push([entry.key, said.ref]);
    await drop(entry.key);
    tell(said.words);
  } else if (said) {
    await put({ ...entry, asks: said.words.join(" ") });
  } else {
    tell(answer.status >= 500 ? words.wordsLost : words.wordsAway);
    return false;
  }
  await show();
  document.dispatchEvent(new Event("live:look"));
  return true;
}

// Showing what waits

function tell(text) {
  if (state.textContent !== text) state.textContent = text;
}

function button(label, work) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "button-quiet";
  one.textContent = label;
  one.addEventListener("click", work);
  return one;
}

/** The list of what is not saved yet. */
async function show() {
  const entries = await all(conference);
  list.hidden = !entries.length;
  list.replaceChildren(...entries.map((entry) => {
    const item = document.createElement("li");
    const line = document.createElement("code");
    line.textContent = entry.line;
    const what = document.createElement("span");
    what.className = entry.asks ? "field-error" : "muted small";
    what.textContent = entry.asks ? `${words.wordsAsks} ${entry.asks}` : words.wordsWaiting;
    item.append(line, " ", what);
    if (entry.asks) {
      item.append(" ", button(words.wordsMend, async () => {
        await drop(entry.key);
        edit(entry.line);
        show();
      }), " ", button(words.wordsDrop, async () => {
        await drop(entry.key);
        show();
        input.focus();
      }));
    }
    return item;
  }));
}

// Logging

let correcting = null;

/** Put a line into the field, to be typed on. */
function edit(line, entry = null) {
  correcting = entry;
  input.value = line;
  input.focus();
  input.setSelectionRange(line.length, line.length);
  tell(entry ? words.wordsCorrecting : "");
  understand(line);
}

function clear() {
  clearTimeout(pause);
  reading++;
  correcting = null;
  input.value = "";
  panel.replaceChildren();
  shown = { line: "", certain: false };
  input.focus();
}

let pressed = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const line = input.value.trim();
  if (!line || pressed) return; // pressed twice, logged once
  pressed = true;
  try {
    clearTimeout(pause);
    const unread = shown.line !== input.value;
    const certain = unread ? await understand(input.value) : shown.certain;
    if (certain === false) return input.focus(); // its questions are shown
    if (certain === true && unread && panel.querySelector(".hint")) return input.focus(); // assumed: seen first, then Enter again
    if (correcting) return await correct(line);
    const seen = certain === true ? input.value : "";
    clear();
    await keep(form.action, [["line", line], ["seen", seen.trim()]], line);
  } finally {
    pressed = false;
  }
});
const row = document.querySelector("[data-log-row]");
row.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!row.elements.donor.value.trim()) return row.elements.donor.focus(); // empty, or pressed twice
  const fields = [...new FormData(row)].filter(([name]) => name !== "once" && name !== "csrf_token");
  const line = ["donor", "amount", "currency", "target"].map((name) => row.elements[name].value).filter(Boolean).join(" ");
  for (const name of ["donor", "amount", "target", "years", "condition", "statement"]) row.elements[name].value = "";
  row.elements.donor.focus();
  await keep(row.action, fields, line);
});

// Correcting and taking back

async function correct(line) {
  const { url, version } = correcting;
  const body = new URLSearchParams([["line", line], ["version", version], ["csrf_token", token()]]);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(8000) });
    const said = await answer.json();
    if (said.ok) clear();
    else if (answer.status === 409) both(said, url);
    tell(said.words instanceof Array ? said.words.join(" ") : said.words);
    document.dispatchEvent(new Event("live:look"));
  } catch {
    tell(words.wordsLost); // the line stays in the field: Enter tries again
  }
}

/** Two officers at one entry: both wordings side by side, and one of them is chosen. */
function both(said, url) {
  const table = document.createElement("dl");
  table.className = "crossed";
  for (const [label, line] of [[words.wordsTheirs, said.theirs], [words.wordsMine, said.mine]]) {
    const term = document.createElement("dt");
    term.textContent = label;
    const value = document.createElement("dd");
    value.textContent = line;
    table.append(term, value);
  }
  const close = () => {
    crossed.hidden = true;
    crossed.replaceChildren();
  };
  crossed.replaceChildren(table, button(words.wordsKeep, () => {
    close();
    clear();
  }), " ", button(words.wordsUse, () => {
    close();
    correcting = { url, version: said.version };
    correct(said.mine);
  }));
  crossed.hidden = false;
  crossed.querySelector("button").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-correct]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  edit(link.dataset.correct, { url: link.href, version: link.dataset.version });
});
document.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (!sent.closest("[data-live]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await act(sent.action);
}, true);

/** Take an entry back, or put it back: asked again until the server has done it. */
async function act(url) {
  try {
    const body = new URLSearchParams([["csrf_token", token()]]);
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(8000) });
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    tell(said ? [].concat(said.words).join(" ") : words.wordsAway);
  } catch {
    tell(words.wordsLost);
  }
  document.dispatchEvent(new Event("live:look"));
}

input.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
  if (input.value) return;
  const last = acknowledged.at(-1)?.[1];
  const mine = last && document.querySelector(`[data-ref="${CSS.escape(last)}"]`);
  if (event.key === "ArrowUp" && mine) {
    event.preventDefault();
    mine.querySelector("a[data-correct]")?.click();
  }
  if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && mine) {
    event.preventDefault();
    const undo = mine.querySelector("form");
    if (undo) act(undo.action);
  }
});

document.addEventListener("live:answer", (event) => {
  if (event.detail === 0 || event.detail >= 500) tell(words.wordsLost);
  else if (state.textContent === words.wordsLost) {
    tell(words.wordsSent);
    send();
  }
});

show();
send(); // what an earlier visit left behind
if (input.value) understand(input.value); // what was typed before this was here

// Comfort on top of pages that already work without it.

/** Press once: the pressed button of a POST form rests until the page is shown again. */
function submitOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // A form that htmx sends has already been prevented; htmx keeps its own queue.
    if (event.defaultPrevented || !form.matches("[method=post i]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // aria-disabled rather than disabled: a disabled button's name and value would not be sent.
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled=true]").forEach((button) => button.removeAttribute("aria-disabled"));
    }
  });
}

/** Rows that repeat: [data-repeat] holds [data-repeat-rows], a <template> with __index__ in its names, and a button. */
function repeatRows() {
  for (const list of document.querySelectorAll("[data-repeat]")) {
    const button = list.querySelector("[data-repeat-add]");
    if (button) button.hidden = false;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-repeat-add]");
    if (!button) return;
    const list = button.closest("[data-repeat]");
    const rows = list.querySelector("[data-repeat-rows]");
    const blank = list.querySelector("template").content.cloneNode(true);
    const index = String(nextIndex(rows));
    for (const element of blank.querySelectorAll("*")) {
      for (const attribute of [...element.attributes]) {
        attribute.value = attribute.value.replaceAll("__index__", index);
      }
    }
    rows.append(blank);
    rows.lastElementChild.querySelector("input, select, textarea")?.focus();
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** One more than the highest index in use, so that a row in the middle may be missing. */
function nextIndex(rows) {
  const used = [...rows.querySelectorAll("[name]")].map((control) => Number(/-(\d+)(-|$)/.exec(control.name)?.[1] ?? -1));
  return Math.max(-1, ...used) + 1;
}

/** Leaving a form with unsaved words asks first. A form opts in with data-warn-unsaved. */
function warnUnsaved() {
  const dirty = new Set();
  const mark = (event) => {
    const form = event.target.closest?.("form[data-warn-unsaved]");
    if (form) dirty.add(form);
  };
  document.addEventListener("input", mark);
  document.addEventListener("change", mark);
  document.addEventListener("submit", (event) => dirty.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    for (const form of dirty) if (form.isConnected) event.preventDefault();
  });
}

/** The menu of small screens. */
function menu() {
  const toggle = document.querySelector("[data-menu-toggle]");
  const masthead = document.querySelector("[data-masthead]");
  if (!toggle || !masthead) return;
  const set = (open) => {
    toggle.setAttribute("aria-expanded", String(open));
    masthead.toggleAttribute("data-open", open);
  };
  toggle.addEventListener("click", () => set(!masthead.hasAttribute("data-open")));
  masthead.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !masthead.hasAttribute("data-open")) return;
    set(false);
    toggle.focus();
  });
}

submitOnce();
repeatRows();
warnUnsaved();
menu();
document.getElementById("error-summary")?.focus();

// Comfort on top of pages that work without it: focus, one more row, counting, saving a draft, asking before leaving.
(() => {
  "use strict";

  const PAUSE = 1500; // Milliseconds without typing before a draft is saved.

  // Bring the reader to what is wrong.
  document.querySelector("[data-focus]")?.focus();

  // "Nog een": copy the last row, empty, with the next number in every name and id.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-more]");
    if (!button) return;
    const rows = button.parentElement.querySelectorAll(":scope > [data-row]");
    const last = rows[rows.length - 1];
    if (!last) return;
    event.preventDefault();
    const fresh = last.cloneNode(true);
    fresh.querySelectorAll(".field__fault, .row__matches, .row__recognised").forEach((part) => part.remove());
    fresh.querySelectorAll("[data-row-number]").forEach((part) => (part.textContent = rows.length + 1));
    const parts = [fresh, ...fresh.querySelectorAll("input, label")];
    parts.forEach((part) => renumber(part, button.dataset.more, rows.length));
    last.after(fresh);
    fresh.querySelector("input")?.focus();
    if (window.htmx) window.htmx.process(fresh);
  });

  // A field can itself stand in a row, so only the number behind its own name changes.
  function renumber(part, field, index) {
    const stems = [field, field.replace(/^veld-/, "")];
    const next = (text) => {
      const stem = stems.find((one) => `${text}-`.startsWith(`${one}-${index - 1}-`));
      return stem ? `${stem}-${index}${text.slice(`${stem}-${index - 1}`.length)}` : text;
    };
    for (const name of ["id", "for", "name"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, next(value));
    }
    const label = part.getAttribute("aria-label");
    if (label) part.setAttribute("aria-label", label.replace(/\d+$/, index + 1));
    if (part.tagName !== "INPUT") return;
    part.removeAttribute("aria-invalid");
    part.removeAttribute("aria-describedby");
    part.classList.remove("utrecht-textbox--invalid");
    part.value = "";
  }

  // Say how much room is left, in words beside the field.
  document.querySelectorAll("[data-count]").forEach((note) => {
    const area = document.getElementById(note.dataset.count);
    const most = Number(note.dataset.max);
    const tell = () => {
      const left = most - area.value.length;
      const number = Math.abs(left).toLocaleString("nl-NL");
      note.textContent = left < 0 ? `${number} tekens te veel.` : `Nog ${number} tekens.`;
    };
    area.addEventListener("input", tell);
    if (area.value) tell();
  });

  document.querySelectorAll("form[data-guard]").forEach((form) => {
    let changed = false;
    let sent = false;
    let timer = 0;
    let version = 0;
    let asked = 0; // The version that was sent to be kept.

    form.addEventListener("input", () => {
      changed = true;
      version += 1;
      if (!form.dataset.autosave) return;
      clearTimeout(timer);
      timer = setTimeout(() => save(), PAUSE);
    });

    // One press is one step: a second one within the same sending is not sent.
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
      clearTimeout(timer);
    });
    window.addEventListener("pageshow", () => (sent = false));

    // Who leaves right after typing is asked, and loses nothing meanwhile. On a phone nobody is asked: there a page only
    // goes out of sight.
    window.addEventListener("beforeunload", (event) => {
      keepNow();
      if (changed && !sent && form.method === "post") event.preventDefault();
    });
    window.addEventListener("pagehide", keepNow);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") keepNow();
    });

    function keepNow() {
      if (!form.dataset.autosave || !changed || sent || asked === version) return;
      clearTimeout(timer);
      save({ keepalive: true });
    }

    async function save({ keepalive = false } = {}) {
      const status = form.querySelector("[data-autosave-status]");
      const saved = version;
      asked = version;
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-Requested-With": "autosave" },
          redirect: "error",
          keepalive, // Goes on when the page is gone.
        });
        if (!answer.ok) throw new Error(String(answer.status));
        if (saved === version) changed = false;
        const revision = answer.headers.get("X-Revisie");
        if (revision && form.elements.revisie) form.elements.revisie.value = revision;
        const clock = new Date().toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
        status.textContent = `Concept bewaard om ${clock.replace(":", ".")} uur.`;
        lookBeside();
      } catch {
        asked = 0;
        status.textContent = "Het concept kon nu niet worden bewaard. Wat u typte, staat nog op deze pagina.";
      }
    }
  });

  // Beside a draft stands what looks like it, asked again once the draft was kept. One question at a time; what did not
  // change is left alone, and so is a list in which somebody is reading.
  let asking = false;
  let again = false;
  async function lookBeside() {
    const list = document.querySelector("[data-similar]");
    if (!list) return;
    again = true;
    if (asking) return;
    asking = true;
    try {
      while (again) {
        again = false;
        const answer = await fetch(list.dataset.similar, { redirect: "error" });
        if (!answer.ok) return;
        const found = document.createElement("template");
        found.innerHTML = await answer.text();
        renew(list, found.content.querySelector("[data-list]"));
        renew(document.querySelector("[data-similar-told]"), found.content.querySelector("[data-told]"));
      }
    } catch {
      // What stood there still stands; the next change asks again.
    } finally {
      asking = false;
    }
  }

  function renew(part, fresh) {
    if (!part || !fresh || part.textContent.trim() === fresh.textContent.trim()) return;
    if (!part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
  }

  // Take words that were selected in a text into the next empty row of the form that leaves them out.
  document.querySelectorAll("[data-passages-into]").forEach((texts) => {
    const button = texts.querySelector("[data-take-passage]");
    const status = texts.querySelector("[data-take-status]");
    const field = texts.dataset.passagesInto;
    let taken = null;

    function chosen() {
      const area = document.activeElement;
      if (area.matches("textarea[data-passages-from]") && area.selectionEnd > area.selectionStart) {
        const words = area.value.slice(area.selectionStart, area.selectionEnd).trim();
        return words ? { words, place: area.dataset.passagesFrom } : null;
      }
      const selection = document.getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return null;
      const range = selection.getRangeAt(0);
      const node = range.commonAncestorContainer;
      const source = (node.closest ? node : node.parentElement)?.closest("[data-passages-from]");
      if (!source || !texts.contains(source)) return null;
      const part = range.cloneContents();
      // What the page says beside the words is no part of them.
      part.querySelectorAll("[data-aside]").forEach((aside) => aside.remove());
      const words = part.textContent.trim();
      return words ? { words, place: source.dataset.passagesFrom } : null;
    }

    button.hidden = false;
    button.disabled = true;
    const look = () => {
      const found = chosen();
      // A press on the button takes the selection away, so the last one is kept.
      if (found) taken = found;
      button.disabled = !taken;
    };
    document.addEventListener("selectionchange", look);
    // A box that cannot be changed has no cursor in every browser; this one has, and stays as it is.
    texts.addEventListener("beforeinput", (event) => event.preventDefault());
    // What is selected in a box is not told to the document by every browser.
    texts.addEventListener("select", look);
    texts.addEventListener("keyup", look);
    button.addEventListener("click", () => {
      if (!taken) return;
      const areas = [...document.querySelectorAll(`textarea[name^="${field}-"][name$="-passage"]`)];
      const area = areas.find((one) => !one.value.trim());
      if (!area) {
        status.textContent = "Het formulier is vol. Verstuur het eerst.";
        return;
      }
      area.value = taken.words;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      const place = area.form.elements[area.name.replace(/passage$/, "plaats")];
      if (place) place.value = taken.place;
      status.textContent = "Overgenomen. Kies nu de grond.";
      area.form.elements[area.name.replace(/passage$/, "grond")]?.focus();
      taken = null;
      button.disabled = true;
    });
  });

  // Take over the text of a reference, for instance a citation.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Gekopieerd";
  });
})();

/* The bedside device. What the server cannot take now is written down here, sealed with the key of
   whoever is logged in, and stays until the server says that it is kept. Only its author sends it.
   Without this script the same forms are sent by the browser itself.

   Grey: on this device only. Green: kept by the server. Nothing here is ever green. */
"use strict";

(() => {
  const device = document.getElementById("device");
  if (!device) return;

  const STEP = 16; // a form of scores makes several events; each has a number of its own
  const RETRY_MS = 5000;
  const GRACE_MS = 60000;
  // These need the server's answer before they are done, so they are never kept for later.
  const NEVER_QUEUED = new Set(["dose_started", "dose_given", "dose_resumed", "discharged"]);
  const session = device.dataset.session;
  const words = JSON.parse(document.getElementById("device-words").textContent);
  const { by, account, people } = JSON.parse(document.getElementById("device-keys").textContent);
  const key = (name) => `vernal.${session}.${name}`;

  const read = (name, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));

  /* One entry a key, so that two windows never write over each other's queue. */
  const kept = () =>
    Object.keys(localStorage)
      .filter((name) => name.startsWith(key("entry.")))
      .sort()
      .map((name) => ({ id: name.slice(key("entry.").length), ...read(name, {}) }));
  const isKept = (id) => localStorage.getItem(key(`entry.${id}`)) !== null;
  const forget = (id) => localStorage.removeItem(key(`entry.${id}`));

  /* The next user of this device reads nothing of what waits but whose it is. Browsers seal only on
     pages that no stranger can change (https); without that nothing is written down. */
  const SEAL = "AES-GCM";
  const coded = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const decoded = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const canSeal = Boolean(crypto.subtle);
  const keyOf = (id) =>
    crypto.subtle.importKey("raw", decoded(people[id].key), SEAL, false, ["encrypt", "decrypt"]);

  async function keep(entry) {
    const owner = people[entry.made_by] ? entry.made_by : account;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(entry));
    const sealed = coded(await crypto.subtle.encrypt({ name: SEAL, iv }, await keyOf(owner), plain));
    write(key(`entry.${entry.id}`), { owner, name: people[owner].name, iv: coded(iv), sealed });
  }

  /* The entry that was kept; null where its key is not on this page, or another one by now. */
  async function opened({ owner, iv, sealed }) {
    if (!canSeal || !people[owner]) return null;
    try {
      const plain = await crypto.subtle.decrypt({ name: SEAL, iv: decoded(iv) }, await keyOf(owner), decoded(sealed));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null;
    }
  }
  const queue = async () => (await Promise.all(kept().map(opened))).filter(Boolean);

  const deviceId = () => {
    let id = read("vernal.device", null);
    if (!id) {
      id = uuid7();
      write("vernal.device", id);
    }
    return id;
  };

  const nextSequence = () => {
    const next = read(key("sequence"), 0) + STEP;
    write(key("sequence"), next);
    return next;
  };

  function uuid7() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let at = Date.now();
    for (let place = 5; place >= 0; place -= 1) {
      bytes[place] = at % 256;
      at = Math.floor(at / 256);
    }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /* Wall time with the offset that the nurse sees. */
  function localTime(at = new Date()) {
    const minutes = -at.getTimezoneOffset();
    const sign = minutes < 0 ? "-" : "+";
    const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
    const shifted = new Date(at.getTime() + minutes * 60000).toISOString().slice(0, -1);
    return `${shifted}${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
  }

  /* Monotonic since the browser started this page; a reload begins again, which the log expects. */
  const monotonic = () => Math.round(performance.now());

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  const NOT_OF_THE_ENTRY = ["csrfmiddlewaretoken", "id", "pin", "entered_by"];

  /* What was typed, field by field; boxes that are ticked together make a list. */
  function fieldsOf(form) {
    const typed = new FormData(form);
    const fields = {};
    for (const name of new Set(typed.keys())) {
      const values = typed.getAll(name).filter((value) => typeof value === "string" && value !== "");
      if (values.length && !NOT_OF_THE_ENTRY.includes(name)) fields[name] = values.length > 1 ? values : values[0];
    }
    return fields;
  }

  function entryOf(form) {
    const fields = fieldsOf(form);
    return {
      id: uuid7(),
      kind: form.dataset.kind,
      fields,
      made_by: form.elements.entered_by?.value || by,
      labels: Object.fromEntries(Object.keys(fields).map((name) => [name, labelOf(form, name)])),
      device_id: deviceId(),
      sequence: nextSequence(),
      device_at: localTime(),
      monotonic_ms: monotonic(),
      entered_offline: false,
      title: form.dataset.title ?? form.closest("section, main").querySelector("h1, h2").textContent.trim(),
    };
  }

  const labelOf = (form, name) => {
    const input = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const label = input.closest("fieldset")?.querySelector("legend") ?? input.labels?.[0];
    return (label?.textContent ?? name).trim();
  };

  let sending = false;
  async function send() {
    if (sending || kept().length === 0) return;
    sending = true;
    const waiting = (await queue()).filter((entry) => !entry.refused);
    try {
      if (waiting.length === 0) return;
      const response = await fetch(device.dataset.events, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ events: waiting }),
      });
      const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
      if (!response.ok || !isJson) throw new Error(String(response.status));
      await settle((await response.json()).answers, waiting);
      await show(false);
    } catch {
      await show(true);
    } finally {
      sending = false;
    }
  }

  async function settle(answers, waiting) {
    let taken = 0;
    for (const answer of answers) {
      const entry = waiting.find((each) => each.id === answer.id);
      if (!entry || !isKept(entry.id)) continue;
      if (answer.status === 200 || answer.status === 201) {
        forget(answer.id);
        taken += 1;
      } else if (answer.status === 423) {
        await keep({ ...entry, needs_pin: answer.reason });
      } else {
        await keep({ ...entry, refused: answer.reason });
      }
    }
    if (taken > 0 && device.dataset.back) location.assign(device.dataset.back);
    else if (taken > 0) document.getElementById("live")?.dispatchEvent(new Event("look"));
  }

  async function show(offline) {
    const lines = await Promise.all(
      kept().map(async (each) => {
        const entry = await opened(each);
        return entry ? line(entry) : sealedLine(each);
      })
    );
    device.querySelector(".device__offline").hidden = !offline;
    device.querySelector(".device__queue").replaceChildren(...lines);
    device.hidden = !offline && lines.length === 0 && device.querySelector(".device__says").hidden;
  }

  /* What is to be read before anything else is done: it stays until the page is left. */
  function say(text) {
    const place = device.querySelector(".device__says");
    place.textContent = text;
    place.hidden = device.hidden = false;
    place.scrollIntoView({ block: "center" });
  }

  function sealedLine({ id, owner, name }) {
    const item = document.createElement("li");
    item.textContent = people[owner] ? words.unreadable : words.sealed.replaceAll("{name}", name);
    if (people[owner]) item.append(pressed(words.remove, () => drop(id)));
    else item.append(link(words.a_pin));
    return item;
  }

  function link(text) {
    const to = document.createElement("a");
    to.textContent = text;
    to.href = device.dataset.unlock;
    return to;
  }

  function pressed(text, act) {
    const button = document.createElement("button");
    button.textContent = text;
    button.type = "button";
    button.className = "button button--secondary";
    button.addEventListener("click", act);
    return button;
  }

  function drop(id) {
    forget(id);
    show(!navigator.onLine);
  }

  function line(entry) {
    const item = document.createElement("li");
    const add = (name, text) => {
      const part = document.createElement(name);
      part.textContent = text;
      item.append(part);
      return part;
    };
    add("strong", `${entry.device_at.slice(11, 16)} ${entry.title}`);
    add("span", `✓ ${words.only_here}`).className = "device__tick";
    const shown = Object.entries(entry.fields).map(([name, value]) => `${entry.labels?.[name] ?? name}: ${[value].flat().join(", ")}`);
    add("span", shown.join(", ")).className = "device__what";
    if (entry.needs_pin) {
      add("span", entry.needs_pin).className = "device__why";
      item.append(link(words.give_pin));
    }
    if (entry.refused) {
      item.className = "is-refused";
      add("span", `${words.not_kept} ${entry.refused}`).className = "device__why";
      item.append(pressed(words.edit, () => item.replaceWith(editor(entry))), pressed(words.remove, () => drop(entry.id)));
    }
    return item;
  }

  /* What the server refused, to be mended: the same moment and place in the order, under a new id. */
  function editor(entry) {
    const item = document.createElement("li");
    item.className = "is-refused";
    const form = document.createElement("form");
    form.className = "device__edit";
    for (const [name, values] of Object.entries(entry.fields)) {
      for (const value of [values].flat()) {
        const label = document.createElement("label");
        label.textContent = entry.labels?.[name] ?? name;
        const input = document.createElement("input");
        input.name = name;
        input.value = value;
        label.append(input);
        form.append(label);
      }
    }
    const button = document.createElement("button");
    button.className = "button";
    button.textContent = words.send;
    form.append(button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const { refused, ...same } = entry;
      await keep({ ...same, id: uuid7(), fields: fieldsOf(form) });
      forget(entry.id);
      await show(!navigator.onLine);
      send();
    });
    item.append(form);
    return item;
  }

  /* With the server at hand a form goes the plain way, so that what it refuses stands beside its field.
     Only when the server does not answer is the entry written down here. */
  async function submit(event) {
    const form = event.target;
    if (!form.dataset.kind || form.dataset.plain) return;
    event.preventDefault();
    if (await reachable()) {
      form.dataset.plain = "1";
      form.submit();
      return;
    }
    if (NEVER_QUEUED.has(form.dataset.kind) || !canSeal) {
      await show(true);
      say(canSeal ? words.no_answer : words.not_sealed);
      return;
    }
    await keep({ ...entryOf(form), entered_offline: true });
    form.reset();
    show(true);
  }

  /* Whoever logs out is told first what of theirs waits here; the second time the way is free. */
  function leave(event) {
    const form = event.target;
    const waits = kept().some(({ owner }) => people[owner]);
    if (!form.closest(".person") || form.dataset.warned || !waits) return;
    event.preventDefault();
    form.dataset.warned = "1";
    say(words.log_out);
  }

  async function reachable() {
    if (!navigator.onLine) return false;
    try {
      const response = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(3000) });
      return response.ok;
    } catch {
      return false;
    }
  }

  /* Clocks: computed from the wall clock each time, never counted, so that sleep loses nothing. */
  const ahead = Date.now() - Date.parse(device.dataset.serverAt);
  const skew = Math.abs(ahead) > 30000 ? ahead : 0;
  const now = () => Date.now() - skew;

  function tick() {
    for (const part of document.querySelectorAll("[data-elapsed]")) {
      const seconds = Math.max(0, Math.floor((now() - Date.parse(part.dataset.elapsed)) / 1000));
      const two = (number) => String(number).padStart(2, "0");
      const hours = Math.floor(seconds / 3600);
      const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      part.textContent = hours ? `${hours}:${rest}` : rest;
    }
    for (const row of document.querySelectorAll("[data-due]")) {
      const late = now() - Date.parse(row.dataset.due);
      const tag = row.querySelector(".tag");
      if (late > GRACE_MS && tag && !row.dataset.late) {
        row.dataset.late = "1";
        tag.className = "tag tag--danger";
        tag.textContent = words.overdue;
        alertOnce(`${row.querySelector("a").textContent}: ${words.overdue}`);
      }
    }
  }

  let said = "";
  function alertOnce(text) {
    const place = document.getElementById("session-alert");
    if (place && text !== said) place.textContent = said = text;
  }

  let alarms = Number(document.getElementById("live")?.dataset.alarms ?? 0);
  /* What was unfolded stays so when the page looks again; on a wide screen pictures are open. */
  const unfolded = new Map();
  const folds = () => document.querySelectorAll("details[id]");
  document.addEventListener("htmx:before:swap", () => {
    for (const fold of folds()) unfolded.set(fold.id, fold.open);
  });
  if (matchMedia("(min-width: 64rem)").matches) {
    for (const fold of document.querySelectorAll(".fold--wide")) fold.open = true;
  }
  document.addEventListener("htmx:after:swap", () => {
    for (const fold of folds()) fold.open = unfolded.get(fold.id) ?? fold.open;
    const live = document.getElementById("live");
    const sounding = Number(live?.dataset.alarms ?? 0);
    if (sounding > alarms) alertOnce(live.querySelector(".alarm__now").textContent);
    alarms = sounding;
    tick();
  });

  /* One rate of a pump in two units: what is typed in one stands in the other. */
  document.addEventListener("input", ({ target }) => {
    const perMl = Number(target.dataset?.mgPerMl);
    if (!perMl || !target.form) return;
    const isMg = target.name === "rate_mg_per_h";
    const other = target.form.elements[isMg ? "pump_ml_per_h" : "rate_mg_per_h"];
    const typed = Number(target.value.replace(",", "."));
    const value = isMg ? (typed / perMl).toFixed(1) : (typed * perMl).toFixed(3);
    other.value = target.value.trim() && Number.isFinite(typed) ? String(Number(value)) : "";
  });

  document.addEventListener("submit", submit);
  document.addEventListener("submit", leave);
  window.addEventListener("online", send);
  window.addEventListener("offline", () => show(true));
  setInterval(tick, 1000);
  setInterval(send, RETRY_MS);
  tick();
  show(!navigator.onLine);
  send();
})();

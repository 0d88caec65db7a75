/* The bedside device. Every entry is written down here before it is sent, and stays until the server
   says that it is kept. Without this script the same forms are sent by the browser itself.

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
  const entryKeys = () =>
    Object.keys(localStorage)
      .filter((name) => name.startsWith(key("entry.")))
      .sort();
  const queue = () => entryKeys().map((name) => read(name, null)).filter(Boolean);
  const keep = (entry) => write(key(`entry.${entry.id}`), entry);
  const forget = (id) => localStorage.removeItem(key(`entry.${id}`));

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
      labels: Object.fromEntries(Object.keys(fields).map((name) => [name, labelOf(form, name)])),
      device_id: deviceId(),
      sequence: nextSequence(),
      device_at: localTime(),
      monotonic_ms: monotonic(),
      entered_offline: false,
      title: form.closest("section, main").querySelector("h1, h2").textContent.trim(),
    };
  }

  const labelOf = (form, name) => {
    const input = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const label = input.closest("fieldset")?.querySelector("legend") ?? input.labels?.[0];
    return (label?.textContent ?? name).trim();
  };

  let sending = false;
  async function send() {
    const waiting = queue().filter((entry) => !entry.refused);
    if (sending || waiting.length === 0) return;
    sending = true;
    try {
      const response = await fetch(device.dataset.events, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ events: waiting }),
      });
      const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
      if (!response.ok || !isJson) throw new Error(String(response.status));
      settle((await response.json()).answers);
      show(false);
    } catch {
      for (const entry of waiting) keep({ ...entry, entered_offline: !NEVER_QUEUED.has(entry.kind) });
      show(true);
    } finally {
      sending = false;
    }
  }

  function settle(answers) {
    let kept = 0;
    for (const answer of answers) {
      const entry = read(key(`entry.${answer.id}`), null);
      if (!entry) continue;
      if (answer.status === 200 || answer.status === 201) {
        forget(answer.id);
        kept += 1;
      } else if (answer.status === 423) {
        keep({ ...entry, needs_pin: true });
      } else {
        keep({ ...entry, refused: answer.reason });
      }
    }
    if (kept > 0 && device.dataset.back) location.assign(device.dataset.back);
    else if (kept > 0) document.getElementById("live")?.dispatchEvent(new Event("look"));
  }

  function show(offline) {
    device.querySelector(".device__offline").hidden = !offline;
    const list = device.querySelector(".device__queue");
    list.replaceChildren(...queue().map(line));
    device.hidden = !offline && list.children.length === 0;
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
      const link = add("a", words.give_pin);
      link.href = device.dataset.unlock;
    }
    if (entry.refused) {
      item.className = "is-refused";
      add("span", `${words.not_kept} ${entry.refused}`).className = "device__why";
      const press = (text, act) => {
        const button = add("button", text);
        button.type = "button";
        button.className = "button button--secondary";
        button.addEventListener("click", act);
      };
      press(words.edit, () => item.replaceWith(editor(entry)));
      press(words.remove, () => {
        forget(entry.id);
        show(!navigator.onLine);
      });
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
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const { refused, ...kept } = entry;
      keep({ ...kept, id: uuid7(), fields: fieldsOf(form) });
      forget(entry.id);
      show(!navigator.onLine);
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
    if (NEVER_QUEUED.has(form.dataset.kind)) {
      show(true);
      alertOnce(words.no_answer);
      return;
    }
    keep({ ...entryOf(form), entered_offline: true });
    form.reset();
    show(true);
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
  window.addEventListener("online", send);
  window.addEventListener("offline", () => show(true));
  setInterval(tick, 1000);
  setInterval(send, RETRY_MS);
  tick();
  show(!navigator.onLine);
  send();
})();

// The page: asks this server what a policy does to a text, and shows it.
//
// Owns: what is on the screen, and the token, which is kept in this module alone. Every text becomes a text node:
// nothing here makes HTML of a string, and the server's headers have the browser throw where something would.

import { extending, withAction, withDefault } from "./edits.js";
import { marks } from "./marks.js";
import { SAMPLES } from "./samples.js";

const TYPING = 350; // milliseconds without a key before what was typed is judged
const ROWS = 400; // lines and findings that are drawn at once; a button shows more
const OWN = "mine";

const $ = (id) => document.getElementById(id);

let token = taken();
let policies = { policies: [] }; // as the server lists them
let actions = [];
let base = ""; // the policy that the text began as
let before = []; // the lines that were judged last
let last = null; // the answer to them
let seen = new Set(); // entities that were found in this sample by any policy
let asking = null;
let typing = 0; // timers
let pricing = 0;
let shownRows = ROWS;

// The token from the address, which is then without it: so it is in no history and no bookmark.
function taken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (location.hash) history.replaceState(null, "", location.pathname);
  return given;
}

// Asking

class Problem extends Error {
  constructor(status, told) {
    super(told.detail ? `${told.title}: ${told.detail}` : told.title);
    this.status = status;
    this.errors = told.errors ?? [];
  }
}

async function ask(path, { method = "GET", type, body, signal } = {}) {
  const headers = { Authorization: `Bearer ${token}` };
  if (type) headers["Content-Type"] = type;
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body,
      signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: "The server does not answer. Has it ended?" });
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Problem(answer.status, { title: `The server answered ${answer.status}`, ...told });
  }
  return /json/.test(answer.headers.get("Content-Type") ?? "") ? answer.json() : answer.text();
}

const asked = (value) => ({ method: "POST", type: "application/json", body: JSON.stringify(value) });

// Drawing

function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

// A text as it is read: what is not seen, or turns the order round, as its number.
function visible(text) {
  return text.replace(HIDDEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const KINDS = [
  ["secret", /SECRET|TOKEN|PASSWORD|PRIVATE_KEY|API_KEY|CREDENTIAL|SECURITY_CODE|ENCRYPTED|JWT|COOKIE/],
  ["health", /HEALTH|MEDICAL|_NPI|_MBI|_NHS|PRESCRIPTION|CLAIM|CLIA|BIOMETRIC|DEVICE_SERIAL|MEDICARE|REFERRAL|AUTHORIZATION/],
  ["net", /^IP_|_IP$|MAC_ADDRESS|IMEI|IMSI|ICCID|MEID|SESSION|UUID|^URL$/],
  ["money", /CARD|IBAN|BANK|CRYPTO|ROUTING|SORT_CODE|_CCC$|ACCOUNT/],
  ["contact", /EMAIL|PHONE|ADDRESS|ZIP|POST|_PLZ|LOCATION|TELEPHONE|MOBILE/],
  ["person", /PERSON|BIRTH|^AGE$|USER|NAME|DATE|ORGANIZATION|UNIQUE_ID|LICEN|VIN$|NATIONAL_ID|^[A-Z]{2}_/],
];

function kind(entity) {
  return KINDS.find(([, pattern]) => pattern.test(entity))?.[0] ?? "other";
}

const number = (value) => value.toLocaleString("en");
const plural = (count, one, more = `${one}s`) => `${number(count)} ${count === 1 ? one : more}`;

function paint(cell, text, places, near, side) {
  const taken = places.map((one) => ({ ...one, near: false }));
  const free = outside(near, places).map((one) => ({ ...one, near: true }));
  let at = 0;
  for (const one of [...taken, ...free].sort((a, b) => a.start - b.start)) {
    if (one.start < at) continue; // within another
    cell.append(visible(text.slice(at, one.start)));
    cell.append(one.near ? missed(text, one) : marked(text, one, side));
    at = one.end;
  }
  cell.append(visible(text.slice(at)));
}

// What of some stretches lies in none of some places, which are in order.
function outside(stretches, places) {
  return stretches.flatMap((one) => {
    const parts = [];
    let at = one.start;
    for (const place of places.filter((two) => two.end > one.start && two.start < one.end)) {
      if (place.start > at) parts.push({ ...one, start: at, end: place.start });
      at = Math.max(at, place.end);
    }
    return at < one.end ? [...parts, { ...one, start: at }] : parts;
  });
}

function missed(text, one) {
  const why = one.ones.map((miss) => `not ${miss.entity}: ${miss.why}`).join("; ");
  return make("span", { class: "near", title: why }, visible(text.slice(one.start, one.end)));
}

function marked(text, one, side) {
  const what = visible(text.slice(one.start, one.end));
  const gone = side === "before" && one.ones.every((found) => found.action === "drop");
  const node = make(
    "mark",
    {
      class: `${kind(one.names[0])}${gone ? " gone" : ""}${what ? "" : " empty"}`,
      role: "button",
      tabindex: "-1",
      title: one.ones.filter((found) => found.detector).map(reason).join("; "),
      "aria-label": `${one.names.join(" and ")} ${side}: ${what || "nothing"}`,
    },
    make("span", { class: "text" }, what),
  );
  if (side === "before") node.append(make("span", { class: "name", "aria-hidden": "true" }, one.names.join(" ")));
  node.ones = one.ones;
  for (const found of one.ones) {
    found.marks?.push(node);
  }
  return node;
}

function reason(one) {
  return `${one.entity}: ${detector(one.detector)}, ${percent(one.score)}, ${one.action}`;
}

const percent = (score) => `${Math.round(score * 100)} %`;

// What a detector's name means, for who has not read the manual.
function detector(name) {
  if (name === "key") return "the name of its field";
  if (name === "field") return "a rule for this field";
  if (name === "assignment") return "a name before its value";
  if (name === "unsettled") return "what was left did not settle";
  if (name === "denied" || name === "deny") return "the policy's own list";
  if (name.startsWith("secret:")) return `the form of a secret (${name.slice(7)})`;
  if (name.startsWith("presidio:")) return `a pattern (${name.slice(9)})`;
  if (name.startsWith("names:")) return `the model of names (${name.slice(6)})`;
  return `a form (${name})`;
}

function draw(answer) {
  counts(answer);
  rows(answer);
  findings(answer);
  misses(answer);
  uncovered(answer);
  menus(answer);
}

function counts(answer) {
  const told = answer.counts;
  const dropped = typeof told.dropped === "object" ? Object.values(told.dropped).reduce((a, b) => a + b, 0) : told.dropped;
  const found = Object.values(told.findings).reduce((a, b) => a + b, 0);
  const touched = answer.lines.filter((one) => one.findings.length).length;
  $("counts").replaceChildren(
    ...[
      [found, found === 1 ? "finding" : "findings"],
      [told.read, told.read === 1 ? "line read" : "lines read"],
      [told.written, "go on"],
      [dropped, "dropped"],
      [told.quarantined, "in quarantine"],
    ].map(([value, name]) => make("div", {}, make("dt", {}, name), make("dd", {}, number(value)))),
  );
  $("legend").replaceChildren(
    ...Object.entries(told.findings)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([entity, count]) => make("li", { class: `chip ${kind(entity)}` }, `${entity} ${number(count)}`)),
  );
  const bad = told.quarantined ? `; ${plural(told.quarantined, "line")} could not be judged` : "";
  $("status").textContent = `${plural(found, "finding")} in ${number(touched)} of ${plural(told.read, "line")}${bad}`;
}

function rows(answer) {
  for (const one of answer.lines) for (const found of one.findings) found.marks = [];
  const near = $("near").checked;
  const only = $("changed").checked;
  const wanted = answer.lines.filter((one) => !only || one.after !== before[one.line - 1] || one.findings.length);
  const drawn = wanted.slice(0, shownRows).map((one) => row(one, near));
  if (wanted.length > shownRows) {
    const more = make("button", { type: "button", onclick: () => ((shownRows += ROWS), redraw()) }, "Show more lines");
    drawn.push(make("div", { role: "row", class: "line" }, make("span", { role: "cell", class: "no" }), make("span", { role: "cell" }, more)));
  }
  if (!drawn.length) {
    const nothing = only && answer.lines.length ? "No line changes." : "There is nothing to look at yet: paste a line.";
    drawn.push(make("div", { role: "row", class: "line" }, make("span", { role: "cell", class: "no" }), make("span", { role: "cell", class: "note" }, nothing)));
  }
  $("rows").replaceChildren(...drawn);
  $("rows").querySelector("mark")?.setAttribute("tabindex", "0");
}

function row(one, near) {
  const line = before[one.line - 1] ?? "";
  const told = marks(line, one.after, one.findings, near ? (one.misses ?? []) : []);
  for (const place of told.before) for (const found of place.ones) found.at ??= place.start;
  // What is wider than its place can be reached by keys, too.
  const tabindex = $("wrap").checked ? undefined : "0";
  const old = make("span", { role: "cell", class: "side", tabindex });
  const now = make("span", { role: "cell", class: "side", tabindex });
  paint(old, line, told.before, told.near, "before");
  if (one.after === null) {
    now.append(make("span", { class: "refused" }, `goes to quarantine: ${one.reason ?? "could not be judged"}`));
  } else {
    paint(now, one.after, told.after, [], "after");
  }
  const same = one.after === line;
  return make("div", { role: "row", class: same ? "line same" : "line" }, make("span", { role: "rowheader", class: "no" }, String(one.line)), old, now);
}

function findings(answer) {
  // In the order in which they stand there.
  const all = answer.lines.flatMap((line) =>
    [...line.findings].sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).map((one) => [line.line, one]),
  );
  $("findings").tBodies[0].replaceChildren(...all.slice(0, shownRows).map(([line, one]) => finding(line, one)));
  $("findings").hidden = !all.length;
  $("no-findings").hidden = !!all.length;
  $("why-h").textContent = all.length > shownRows ? `Why each was taken (the first ${number(shownRows)})` : "Why each was taken";
}

function finding(line, one) {
  const button = make("button", { type: "button", class: "link", "aria-label": `Show line ${line}`, onclick: () => choose(one, "mark") }, String(line));
  one.row = make(
    "tr",
    {},
    make("td", { class: "n" }, button),
    make("td", { class: "where" }, where(one)),
    make("td", {}, make("span", { class: `chip ${kind(one.entity)}` }, one.entity)),
    make("td", {}, unnamed(one) ? "no rule keeps it" : detector(one.detector)),
    make("td", { class: "n" }, percent(one.score)),
    make("td", {}, one.action),
  );
  return one.row;
}

// A strict policy tells of what it drops without a name: its name may be a value, too.
const unnamed = (one) => one.action === "drop" && one.pointer === "";

function where(one) {
  if (unnamed(one)) return "a field";
  const span = one.end > one.start ? `${one.start}–${one.end}` : "";
  return visible([one.pointer, span].filter(Boolean).join("  ")) || "the whole";
}

function misses(answer) {
  const all = answer.lines.flatMap((line) => (line.misses ?? []).map((one) => [line.line, one]));
  $("misses").tBodies[0].replaceChildren(
    ...all.slice(0, shownRows).map(([line, one]) =>
      make(
        "tr",
        {},
        make("td", { class: "n" }, String(line)),
        make("td", { class: "where" }, where(one)),
        make("td", {}, make("span", { class: "mono" }, one.entity)),
        make("td", {}, detector(one.detector)),
        make("td", {}, one.why),
      ),
    ),
  );
  $("misses").hidden = !all.length;
  $("no-misses").hidden = !!all.length;
}

function uncovered(answer) {
  const about = answer.about ?? {};
  const kept = Object.entries(about.entities ?? {})
    .filter(([, action]) => named(action) === "keep")
    .map(([entity]) => entity)
    .sort();
  const told = [];
  if (answer.model || byModel(answer)) {
    told.push("Names in running text are found by a model, which misses some and takes some for names that are none.");
  } else {
    told.push("Names of persons, places and organisations in running text are not looked for: no model is loaded.");
  }
  if (kept.length) told.push(["This policy leaves ", ...listed(kept), "."]);
  if (named(about.default) === "keep") told.push("This policy leaves whatever it does not name.");
  if (about.threshold > 0) told.push(`What is less sure than ${percent(about.threshold)} is left.`);
  if (answer.counts.quarantined) {
    told.push(`${plural(answer.counts.quarantined, "line")} could not be judged, and would stand in quarantine and not in the output.`);
  }
  told.push(
    "What stays can still tell one person from another: a time, an id, a path, a turn of phrase.",
    "A line is judged by itself. What is spread over records is not put together, private keys excepted.",
    "Images, sounds and what is encrypted are not read.",
  );
  if (about.temporary_key) {
    told.push("The server has no key of yours, so tokens and stand-ins here are made with one that is lost when it ends.");
  }
  $("not").replaceChildren(...told.map((one) => make("li", {}, ...[one].flat())));
}

const byModel = (answer) =>
  answer.lines.some((line) => [...line.findings, ...(line.misses ?? [])].some((one) => one.detector.startsWith("names:")));

function listed(names) {
  return names.flatMap((name, index) => [index ? ", " : "", make("span", { class: "mono" }, name)]).filter((one) => one !== "");
}

// An action's name: an answer has the name, or what the policy says of it.
function named(action) {
  if (typeof action === "object" && action) return action.action ?? action.name ?? "";
  return /action: ([a-z]+)/.exec(action ?? "")?.[1] ?? action ?? "";
}

// The menus of actions. Rows stay where they are: who stands on one keeps standing there.
function menus(answer) {
  // What a field's rule took does not ask what becomes of its entity.
  for (const one of answer.lines) for (const found of one.findings) if (found.detector !== "field") seen.add(found.entity);
  const body = $("actions").tBodies[0];
  const there = new Map([...body.rows].map((one) => [one.dataset.entity, one]));
  const names = ["", ...[...seen].sort()];
  for (const [entity, one] of there) if (!names.includes(entity)) one.remove();
  let after = null;
  for (const entity of names) {
    let one = there.get(entity);
    if (!one || !one.isConnected) {
      one = menu(entity);
      if (after) after.after(one);
      else body.prepend(one);
    }
    const about = answer.about ?? {};
    const action = entity ? (about.entities?.[entity] ?? about.default) : about.default;
    one.cells[1].textContent = entity ? number(answer.counts.findings[entity] ?? 0) : "";
    pick(one.querySelector("select"), named(action));
    after = one;
  }
}

function menu(entity) {
  const id = `action-${entity || "default"}`;
  const select = make("select", { id, onchange: (event) => act(entity, event.target.value) });
  for (const one of actions) {
    if (!one.fields_only) select.append(make("option", { value: one.name, title: one.says }, one.name));
  }
  const row = make(
    "tr",
    {},
    make("th", { scope: "row" }, make("label", { for: id, class: entity ? `chip ${kind(entity)}` : "" }, entity || "all others")),
    make("td", { class: "n" }),
    make("td", {}, select),
  );
  row.dataset.entity = entity;
  return row;
}

function pick(select, action) {
  if (![...select.options].some((one) => one.value === action)) select.append(make("option", { value: action }, action));
  select.value = action;
}

function act(entity, action) {
  const text = $("policy").value;
  $("policy").value = entity ? withAction(text, entity, action) : withDefault(text, action);
  judge();
}

// Which finding is looked at; the other side of it gets the focus.
function choose(one, focus) {
  for (const node of document.querySelectorAll("mark.at, tr.here")) node.classList.remove("at", "here");
  for (const node of one.marks ?? []) node.classList.add("at");
  one.row?.classList.add("here");
  if (focus === "mark" && one.marks?.length) {
    stand(one.marks[0]);
    one.marks[0].scrollIntoView({ block: "center" });
  }
  if (focus === "row" && one.row) {
    one.row.querySelector("button").focus({ preventScroll: true });
    one.row.scrollIntoView({ block: "center" });
  }
}

function stand(mark) {
  for (const one of $("rows").querySelectorAll('mark[tabindex="0"]')) one.setAttribute("tabindex", "-1");
  mark.setAttribute("tabindex", "0");
  mark.focus({ preventScroll: true });
}

function keys(event) {
  const mark = event.target.closest?.("mark");
  if (!mark || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...$("rows").querySelectorAll("mark")];
  const at = all.indexOf(mark);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    if (all[to]) {
      stand(all[to]);
      all[to].scrollIntoView({ block: "nearest" });
    }
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (mark.ones[0]?.row) choose(mark.ones[0], "row");
  }
}

// Judging

function given() {
  const text = $("policy").value;
  return text === extending(base) ? { policy: base } : { policy_text: text };
}

async function judge() {
  clearTimeout(typing);
  asking?.abort();
  const mine = (asking = new AbortController());
  const text = $("sample").value;
  const lines = text.split("\n");
  $("result").setAttribute("aria-busy", "true");
  const patience = setTimeout(() => note("Judging. The first time takes some seconds."), 700);
  $("undo").hidden = $("policy").value === original();
  $("sample-n").textContent = `${plural(text.endsWith("\n") || !text ? lines.length - 1 : lines.length, "line")}, ${plural(text.length, "character")}`;
  try {
    const answer = await ask("v1/explain", { ...asked({ text, ...given() }), signal: mine.signal });
    if (mine.signal.aborted) return;
    before = lines.map((line) => (line.endsWith("\r") && answer.lines.every((one) => !one.after?.endsWith("\r")) ? line.slice(0, -1) : line));
    last = answer;
    $("result").classList.remove("stale");
    draw(answer);
    wrong([]);
    trouble("");
    $("server").textContent = about(answer);
  } catch (error) {
    if (error.name === "AbortError" || mine.signal.aborted) return;
    failed(error);
  } finally {
    clearTimeout(patience);
    if (asking === mine) {
      note("");
      $("result").setAttribute("aria-busy", "false");
    }
  }
}

function note(text) {
  $("waits").textContent = text;
}

function about(answer) {
  const hash = answer.policy ?? "";
  return `${version} · policy ${hash.slice(0, 19)}${hash.length > 19 ? "…" : ""}`;
}

function failed(error) {
  if (error.status === 401) {
    enter("The server does not take this token. It makes a new one each time it starts.");
  } else if (error.status === 422 && (error.errors.length || /policy/i.test(error.message))) {
    wrong(error.errors.length ? error.errors : [{ message: error.message }]);
    trouble(last ? "The policy is not right yet. What stands below is of the last one that was." : "");
    $("result").classList.toggle("stale", !!last);
  } else if (error instanceof Problem) {
    trouble(error.message);
  } else {
    trouble("Something went wrong on this page.");
    throw error;
  }
}

function trouble(text) {
  if ($("trouble").textContent !== text) $("trouble").textContent = text;
}

function wrong(mistakes) {
  $("policy").toggleAttribute("aria-invalid", false);
  if (mistakes.length) $("policy").setAttribute("aria-invalid", "true");
  $("mistakes").replaceChildren(
    ...mistakes.map((one) => {
      const place = one.line ? make("button", { type: "button", class: "link", onclick: () => caret(one.line, one.column ?? 1) }, `line ${one.line}`) : "";
      return make("li", {}, place, place ? ": " : "", one.message ?? "", one.hint ? ` (${one.hint})` : "");
    }),
  );
}

function caret(line, column) {
  const lines = $("policy").value.split("\n");
  const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  $("policy").focus();
  $("policy").setSelectionRange(at, at + Math.max((lines[line - 1] ?? "").length - column + 1, 0));
}

function redraw() {
  if (!last) return;
  rows(last);
  findings(last);
  misses(last);
}

function later() {
  clearTimeout(typing);
  typing = setTimeout(judge, TYPING);
}

// What the calls of a sample cost

async function costs() {
  const text = $("sample").value;
  $("cost").hidden = true;
  if (!/"(?:usage|usageMetadata|model|modelId)"/.test(text)) return;
  try {
    const told = await ask("v1/cost", { method: "POST", type: "application/x-ndjson", body: text });
    if ($("sample").value !== text || !told.total?.records) return;
    $("calls").tBodies[0].replaceChildren(...told.groups.map((one) => bill(one.model, one)));
    $("calls").tFoot.replaceChildren(bill("all", told.total));
    const left = told.accounting ?? {};
    $("cost-n").textContent = [
      "At list prices.",
      left.unpriced ? `${plural(left.unpriced, "call")} could not be priced.` : "",
      left.skipped ? `${plural(left.skipped, "line")} held no call, or one that used nothing.` : "",
      told.quality?.estimated?.records ? `${plural(told.quality.estimated.records, "count")} of tokens are estimates.` : "",
    ]
      .filter(Boolean)
      .join(" ");
    $("cost").hidden = false;
  } catch (error) {
    if (error.status === 401) failed(error);
    else if (!(error instanceof Problem)) throw error;
  }
}

function bill(name, one) {
  const cached = one.in_cache_read;
  const fresh = one.in_fresh + cached + one.in_cache_write_5m + one.in_cache_write_1h;
  const money = one.priced || !one.records ? one.cost_usd.toFixed(6) : "no price";
  return make(
    "tr",
    {},
    make("th", { scope: "row", class: "mono" }, name),
    ...[number(one.calls), number(one.errors), number(fresh), number(cached), number(one.out_text + one.out_reasoning), money].map((text) =>
      make("td", { class: "n" }, text),
    ),
  );
}

// The policy

let originals = "";
const original = () => originals;

let choice = 0;

// Whether it is the policy now: another may have been chosen while its text came.
async function usePolicy(name) {
  const mine = ++choice;
  const own = policies.policies.find((one) => one.name === name && !one.built_in);
  $("result").setAttribute("aria-busy", "true");
  let text;
  try {
    text = own ? await ask(`v1/policies/${name}`) : extending(name);
  } finally {
    if (mine === choice) $("result").setAttribute("aria-busy", "false");
  }
  if (mine !== choice) return false;
  base = name;
  originals = text;
  $("policy").value = originals;
  $("policies").value = name;
  $("whole").open = false;
  return true;
}

async function whole() {
  if (!$("whole").open) return;
  try {
    $("shown").textContent = visibleText(await ask(`v1/policies/${base}/shown`));
  } catch (error) {
    failed(error);
  }
}

const visibleText = (text) => text.split("\n").map(visible).join("\n");

async function listPolicies() {
  policies = await ask("v1/policies");
  actions = policies.actions;
  const group = (label, built) =>
    make("optgroup", { label }, ...policies.policies.filter((one) => one.built_in === built).map((one) => make("option", { value: one.name }, one.name)));
  const groups = [group("built in", true)];
  if (policies.policies.some((one) => !one.built_in)) groups.push(group("of this server", false));
  $("policies").replaceChildren(...groups);
}

function download() {
  const address = URL.createObjectURL(new Blob([$("policy").value], { type: "application/yaml" }));
  make("a", { href: address, download: "policy.yaml" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

async function keep(event) {
  event.preventDefault();
  const name = $("name").value;
  $("kept").textContent = "";
  try {
    await ask(`v1/policies/${name}`, { method: "PUT", type: "application/yaml", body: $("policy").value });
    await listPolicies();
    await usePolicy(name);
    await judge();
    $("kept").textContent = `Kept until the server ends, as ${name}.`;
  } catch (error) {
    failed(error);
  }
}

// The beginning

async function useSample(index) {
  const one = SAMPLES[index];
  if (!one) return;
  seen = new Set();
  shownRows = ROWS;
  $("sample").value = one.text;
  const there = policies.policies.some((policy) => policy.name === one.policy);
  if (there && $("policy").value === original()) await usePolicy(one.policy);
  await Promise.all([judge(), costs()]);
}

function enter(text) {
  $("work").hidden = true;
  $("entry").hidden = false;
  $("refused").textContent = text;
  $("token").focus();
}

let version = "";

async function begin() {
  if (!token) {
    enter("");
    return;
  }
  try {
    await listPolicies();
    version = `cecil ${(await ask("health")).version}`;
  } catch (error) {
    if (error.status === 401) {
      failed(error);
    } else {
      enter(error instanceof Problem ? error.message : "Something went wrong on this page.");
      if (!(error instanceof Problem)) throw error;
    }
    return;
  }
  $("entry").hidden = true;
  $("work").hidden = false;
  $("token").value = "";
  if (!last) {
    await usePolicy(policies.default && policies.policies.some((one) => one.name === policies.default) ? policies.default : "default");
    await useSample(0);
  } else {
    await judge();
  }
}

$("samples").append(
  ...SAMPLES.map((one, index) => make("option", { value: String(index) }, one.name)),
  make("option", { value: OWN, disabled: "" }, "my own"),
);
$("samples").addEventListener("change", (event) => useSample(Number(event.target.value)));
$("sample").addEventListener("input", () => {
  $("samples").value = OWN;
  seen = new Set($("policy").value.match(/\b[A-Z][A-Z0-9_]+(?=[ \t]*:)/g) ?? []);
  later();
  clearTimeout(pricing);
  pricing = setTimeout(costs, 2 * TYPING);
});
$("policy").addEventListener("input", later);
$("policies").addEventListener("change", async (event) => {
  try {
    if (await usePolicy(event.target.value)) await judge();
  } catch (error) {
    failed(error);
  }
});
$("undo").addEventListener("click", () => {
  $("policy").value = original();
  judge();
  $("policy").focus();
});
$("whole").addEventListener("toggle", whole);
$("download").addEventListener("click", download);
$("keep").addEventListener("submit", keep);
$("near").addEventListener("change", redraw);
$("changed").addEventListener("change", redraw);
$("wrap").addEventListener("change", () => {
  $("lines").classList.toggle("wraps", $("wrap").checked);
  redraw();
});
$("lines").classList.toggle("wraps", $("wrap").checked);
$("rows").addEventListener("keydown", keys);
$("rows").addEventListener("click", (event) => {
  const mark = event.target.closest("mark");
  if (!mark) return;
  stand(mark);
  if (mark.ones[0]?.row) {
    choose(mark.ones[0], "");
    mark.ones[0].row.scrollIntoView({ block: "nearest" });
  }
});
$("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  token = $("token").value.trim();
  begin();
});
begin();

// Where findings stand in a line, before and after.
//
// Owns: the way from what the server tells (a JSON Pointer with the names of the redacted record, and code points
// of a leaf) to places in the two texts. Knows nothing of the page. A place is {start, end, names, ones}: UTF-16 units
// of the line, the entities, and the findings themselves. Where the way cannot be told, a larger place is marked.

const TOKEN = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|([^{}[\],:" \t\r\n]+))/y;

// The leaves and names of a line of JSON; null where it is none. A node is
// {start, end, key: {start, end, name} | null, kind: "object" | "array" | "leaf", items}.
export function scan(text) {
  let at = 0;
  const next = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new SyntaxError("no JSON");
    at = TOKEN.lastIndex;
    const word = found[1] ?? found[2] ?? found[3];
    return { word, start: at - word.length, end: at };
  };
  // By a stack and not by recursion: a line may be nested deeper than calls can be.
  const root = { items: [], kind: "root", key: null, start: 0, end: text.length };
  const stack = [root];
  let key = null;
  const put = (node) => {
    node.key = key;
    key = null;
    stack.at(-1).items.push(node);
  };
  try {
    do {
      let token = next();
      const top = stack.at(-1);
      if (token.word === "," && top.items.length) token = next();
      if (token.word === "}" || token.word === "]") {
        if (top.kind !== (token.word === "}" ? "object" : "array")) return null;
        top.end = token.end;
        stack.pop();
        continue;
      }
      if (top.kind === "object") {
        if (token.word[0] !== '"') return null;
        key = { start: token.start, end: token.end, name: JSON.parse(token.word) };
        if (next().word !== ":") return null;
        token = next();
      }
      if (token.word === "{" || token.word === "[") {
        const node = { start: token.start, end: token.end, kind: token.word === "{" ? "object" : "array", items: [] };
        put(node);
        stack.push(node);
      } else {
        put({ start: token.start, end: token.end, kind: "leaf", items: [] });
      }
    } while (stack.length > 1);
  } catch {
    return null;
  }
  return /^\s*$/.test(text.slice(at)) && root.items[0].kind !== "leaf" ? root.items[0] : null;
}

// Code points of a text, each with where it begins in UTF-16 units; for a JSON string its escapes are one each.
function points(text, start, end, escaped) {
  const starts = [];
  const read = [];
  let at = start;
  while (at < end) {
    starts.push(at);
    let size = text.codePointAt(at) > 0xffff ? 2 : 1;
    let point = text.slice(at, at + size);
    if (escaped && point === "\\") {
      size = text[at + 1] === "u" ? 6 : 2;
      point = JSON.parse(`"${text.slice(at, at + size)}"`);
      const low = /^\\u[dD][c-fC-F]/.test(text.slice(at + 6, at + 10));
      if (/^[\ud800-\udbff]$/.test(point) && low) {
        size = 12;
        point = JSON.parse(`"${text.slice(at, at + 12)}"`);
      }
    }
    read.push(point);
    at += size;
  }
  starts.push(end);
  return { starts, read };
}

function inner(text, node) {
  const quoted = text[node.start] === '"';
  return quoted
    ? points(text, node.start + 1, node.end - 1, true)
    : points(text, node.start, node.end, false);
}

// Findings as stretches of code points; those that overlap are one.
function stretches(ones, length) {
  const found = [];
  for (const one of [...ones].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const start = Math.min(one.start, length);
    const end = Math.min(Math.max(one.end, start), length);
    const last = found.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      last.ones.push(one);
    } else {
      found.push({ start, end, ones: [one] });
    }
  }
  return found;
}

function place(start, end, ones) {
  return { start, end, ones, names: [...new Set(ones.map((one) => one.entity))] };
}

// The same stretches in what a text became: what stands between them has not changed.
function moved(found, before, after) {
  const out = [];
  let from = 0;
  for (let index = 0; index < found.length; index += 1) {
    const gap = before.slice(index ? found[index - 1].end : 0, found[index].start);
    if (index === 0) {
      if (!starts(after, gap, 0)) return null;
      from = gap.length;
    }
    const last = index === found.length - 1;
    const rest = before.slice(found[index].end, last ? before.length : found[index + 1].start);
    let to = last ? after.length - rest.length : from;
    if (last) {
      if (to < from || !starts(after, rest, to)) return null;
    } else {
      // What replaced it is not empty, save where it was dropped.
      const first = rest.length ? from + 1 : from;
      to = first;
      while (to <= after.length && !starts(after, rest, to)) to += 1;
      if (to > after.length) return null;
    }
    out.push({ start: from, end: to, ones: found[index].ones });
    from = to + rest.length;
  }
  return out;
}

function starts(text, part, at) {
  return part.every((point, index) => text[at + index] === point);
}

// A leaf, a name or a line of text: {before, after} lists of places.
function pair(before, was, after, is, ones) {
  const found = stretches(ones, was.read.length);
  const places = found.map((one) => place(was.starts[one.start], was.starts[one.end], one.ones));
  if (!is) return { before: places, after: [] };
  const there = moved(found, was.read, is.read);
  if (there) {
    return {
      before: places,
      after: there.map((one) => place(is.starts[one.start], is.starts[one.end], one.ones)),
    };
  }
  return { before: places, after: [place(is.starts[0], is.starts.at(-1), ones)] };
}

function pointer(path) {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

// What of a line is marked before and after; misses are marked before only.
export function marks(before, after, findings, misses) {
  const told = { before: [], after: [], near: [] };
  const trees = [scan(before), after === null ? null : scan(after)];
  if (!trees[0]) {
    const line = points(before, 0, before.length, false);
    const is = after === null ? null : points(after, 0, after.length, false);
    const real = findings.filter((one) => one.end > one.start);
    if (real.length) Object.assign(told, pair(before, line, after, is, real));
    else if (after !== null && after !== before) Object.assign(told, changed(before, after));
    told.near = near(line, misses);
    return told;
  }
  const at = group(findings);
  const nearby = group(misses);
  const add = (made) => {
    told.before.push(...made.before);
    told.after.push(...made.after);
  };
  // What a strict policy drops has no name in the redacted record, and so no pointer.
  const loose = findings.filter((one) => one.pointer === "" && one.action === "drop");
  const walk = [[trees[0], trees[1], []]];
  while (walk.length) {
    const [old, now, path] = walk.pop();
    const where = pointer(path);
    const renamed = old.key && now?.key && old.key.name !== now.key.name;
    const ones = at.get(where) ?? [];
    if (renamed) {
      // In its name, or in what stands there: both are told of with the new name.
      add(pair(before, inner(before, old.key), after, inner(after, now.key), ones.length ? ones : [unsaid()]));
    }
    if (nearby.has(where)) told.near.push(...near(inner(before, old), nearby.get(where)));
    if (old.kind === "leaf") {
      const text = before.slice(old.start, old.end);
      const other = now ? after.slice(now.start, now.end) : null;
      if (!ones.length && (other === null || other === text)) continue;
      if (ones.length && text === other && renamed) continue;
      if (ones.length || text !== other) add(leaf(before, old, after, now, ones));
      continue;
    }
    if (ones.length && path.length && !renamed) add(leaf(before, old, after, now, ones));
    for (const [one, other, step] of aligned(old, now)) {
      const below = [...path, step];
      if (now && !other) {
        const gone = at.get(pointer(below)) ?? [loose.shift() ?? { ...unsaid(), action: "drop" }];
        told.before.push(place(one.key ? one.key.start : one.start, one.end, gone));
      } else {
        walk.push([one, other, below]);
      }
    }
  }
  for (const places of Object.values(told)) places.sort((a, b) => a.start - b.start);
  return told;
}

function leaf(before, old, after, now, ones) {
  const all = ones.length ? ones : [unsaid()];
  const string = before[old.start] === '"';
  if (!string || (now && after[now.start] !== '"') || !ones.some((one) => one.end > one.start)) {
    return {
      before: [place(old.start, old.end, all)],
      after: now ? [place(now.start, now.end, all)] : [],
    };
  }
  return pair(before, inner(before, old), after, now ? inner(after, now) : null, all);
}

function unsaid() {
  return { entity: "CHANGED", action: "", detector: "", score: 0, start: 0, end: 0 };
}

// A line that changed though nothing of it is told of: it goes with what was found in a line before.
function changed(before, after) {
  let first = 0;
  const least = Math.min(before.length, after.length);
  while (first < least && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < least - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  const ones = [unsaid()];
  return {
    before: [place(first, before.length - last, ones)],
    after: [place(first, after.length - last, ones)],
  };
}

function near(line, misses) {
  return stretches(misses.filter((one) => one.end > one.start), line.read.length).map((one) =>
    place(line.starts[one.start], line.starts[one.end], one.ones),
  );
}

function group(ones) {
  const found = new Map();
  for (const one of ones) {
    if (found.has(one.pointer)) found.get(one.pointer).push(one);
    else found.set(one.pointer, [one]);
  }
  return found;
}

// The items of two containers side by side: [before, after | undefined, step in the pointer]. Names may have
// changed and items may be gone; both at once are told by the names that stay.
function aligned(old, now) {
  if (!now || now.kind !== old.kind) return old.items.map((one, index) => [one, undefined, one.key?.name ?? index]);
  const rows = [];
  const same = old.items.length === now.items.length;
  const stays = new Set(old.kind === "object" ? now.items.map((one) => one.key.name) : []);
  let spare = now.items.length - old.items.filter((one) => one.key && stays.has(one.key.name)).length;
  let at = 0;
  for (const [index, one] of old.items.entries()) {
    let other = now.items[at];
    if (!same && old.kind === "object" && !stays.has(one.key.name)) {
      if (spare > 0 && other && !old.items.some((two) => two.key.name === other.key.name)) spare -= 1;
      else other = undefined;
    }
    if (other) at += 1;
    rows.push([one, other, other?.key?.name ?? one.key?.name ?? index]);
  }
  return rows;
}

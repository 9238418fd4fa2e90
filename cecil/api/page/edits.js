// Changes to the text of a policy.
//
// Owns: putting one entity's action into a YAML text, at the place where the text has such things, so that all else
// stays as somebody wrote it. Reads no YAML beyond that; whether the result is right, the server says.

// The policy that is a built-in one and nothing more.
export function extending(name) {
  return `version: 1\nextends: ${name}\n`;
}

// The text with an action for an entity. `entities` may be a block, a mapping in one line, or missing.
export function withAction(text, entity, action) {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /^entities[ \t]*:/.test(line));
  if (at < 0) {
    const body = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    return `${body}entities:\n  ${entity}: ${action}\n`;
  }
  const flow = /^(entities[ \t]*:[ \t]*)\{(.*)\}([ \t]*(?:#.*)?)$/.exec(lines[at]);
  if (flow) {
    const rest = parts(flow[2]).filter((part) => part && !new RegExp(`^${entity}[ \\t]*:`).test(part));
    lines[at] = `${flow[1]}{${[...rest, `${entity}: ${action}`].join(", ")}}${flow[3]}`;
    return lines.join("\n");
  }
  let end = at + 1;
  let indent = "";
  for (; end < lines.length; end += 1) {
    if (/^[ \t]*(?:#.*)?$/.test(lines[end])) continue;
    const found = /^([ \t]+)/.exec(lines[end]);
    if (!found) break;
    indent ||= found[1];
    const own = new RegExp(`^${indent}${entity}[ \\t]*:`).test(lines[end]);
    if (own) {
      // What stands below it, deeper, was part of it.
      let next = end + 1;
      while (next < lines.length && lines[next].startsWith(`${indent} `)) next += 1;
      lines.splice(end, next - end, `${indent}${entity}: ${action}`);
      return lines.join("\n");
    }
  }
  lines.splice(at + 1, 0, `${indent || "  "}${entity}: ${action}`);
  return lines.join("\n");
}

// The text with another default action.
export function withDefault(text, action) {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /^default[ \t]*:/.test(line));
  if (at >= 0) {
    lines[at] = `default: ${action}`;
    let next = at + 1;
    while (next < lines.length && /^[ \t]+[^ \t#]/.test(lines[next])) next += 1;
    lines.splice(at + 1, next - at - 1);
    return lines.join("\n");
  }
  const head = lines.findLastIndex((line) => /^(?:version|extends|strategy|threshold)[ \t]*:/.test(line));
  lines.splice(head + 1, 0, `default: ${action}`);
  return lines.join("\n");
}

// `A: keep, B: {action: mask, keep_last: 4}` at its commas.
function parts(text) {
  const found = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index <= text.length; index += 1) {
    if ("{[".includes(text[index] ?? " ")) depth += 1;
    if ("}]".includes(text[index] ?? " ")) depth -= 1;
    if (index === text.length || (text[index] === "," && depth === 0)) {
      found.push(text.slice(from, index).trim());
      from = index + 1;
    }
  }
  return found;
}


// The file form of a catalog: what stands at a path, and how it is set differently.
import { listOf } from "./words.js";

const LISTS = ["guards", "permissions", "creator_roles", "assigned_by", "features", "providers"];

/** The entry of a list whose key begins a path, and what is left of the path behind it. Keys may contain dots. */
function entryOf(list, path, byKind) {
  for (const entry of list) {
    const key = entry.key ?? (byKind ? entry.kind : undefined) ?? "";
    if (key !== "" && (path === key || path.startsWith(`${key}.`))) return [entry, path.slice(key.length + 1)];
  }
  return null;
}

const next = (path) => {
  const dot = path.indexOf(".");
  return dot < 0 ? [path, ""] : [path.slice(0, dot), path.slice(dot + 1)];
};

/** What a path says, `-` where it says nothing. */
export function valueAt(form, path) {
  let value = form;
  while (path !== "") {
    let found;
    if (Array.isArray(value)) {
      const entry = entryOf(value, path, true);
      if (entry === null) return "-";
      [found, path] = entry;
    } else {
      let key;
      [key, path] = next(path);
      found = value?.[key];
    }
    value = found;
  }
  if (value === undefined || value === null) return "-";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(",");
  return JSON.stringify(value);
}

/** Sets what stands at a path; false where there is no such place. */
export function setAt(form, path, text) {
  const last = path.slice(path.lastIndexOf(".") + 1);
  let [at, before, key] = [form, null, ""];
  while (path !== "") {
    if (Array.isArray(at)) {
      const entry = entryOf(at, path, false);
      if (entry === null) return false;
      [at, path] = entry;
      continue;
    }
    [key, path] = next(path);
    if (key === "limits" && path.includes(".")) addLimit(at, next(path)[0]);
    // What was not there becomes a table when something is set inside of it.
    if (path !== "" && (at[key] === undefined || at[key] === null)) at[key] = {};
    [before, at] = [at, at[key]];
  }
  const isList = Array.isArray(at) || LISTS.includes(last);
  if (text === "-") delete before[key];
  else before[key] = isList ? listOf(text) : read(text);
  return true;
}

function addLimit(plan, key) {
  plan.limits ??= [];
  if (!plan.limits.some((limit) => limit.key === key)) plan.limits.push({ key });
}

/** JSON where it is some, else the text itself. */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

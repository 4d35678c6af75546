/** Reads what came back: which fields, how they were shown, as rows, and how two answers differ. Asks nobody. */

import { getNamedType, isLeafType, Kind, parse, TypeInfo, visit, visitWithTypeInfo } from "graphql";

const SHOWN = /(Shown .*?\.)(?: \([^)]*\))?$/s;
const MASK = /\*\*\*|\[[a-z -]+\]/;
const TOKEN = /^(?:\w+:)?~/;

function documentOf(query) {
  try {
    return parse(query);
  } catch {
    return null;
  }
}

/** The values that a query selects, each with its field, like `Member.email`, and how its description says it is shown. */
export function selectedFields(schema, query) {
  const document = schema && documentOf(query);
  if (!document) return [];
  const types = new TypeInfo(schema);
  const found = new Map();
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        const field = types.getFieldDef();
        const shown = SHOWN.exec(field?.description ?? "");
        if (!parent || !shown || !isLeafType(getNamedType(field.type))) return;
        const name = `${parent.name}.${field.name}`;
        const keys = found.get(name)?.keys ?? new Set();
        found.set(name, { field: name, why: shown[1], keys: keys.add((node.alias ?? node.name).value) });
      },
    }),
  );
  return [...found.values()];
}

/** What a value looks to be: `null`, a pseudonym, masked, or plain. */
export function formOf(value) {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "string" && TOKEN.test(value)) return "pseudonym";
  if (typeof value === "string" && MASK.test(value)) return "masked";
  return "plain";
}

// An answer's list as rows.

const isRow = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The first list of objects in an answer: those of a connection, an edge's rows, or any other. */
function firstList(value) {
  if (Array.isArray(value)) return value.some(isRow) ? value.map((each) => (isRow(each?.node) ? each.node : each)) : null;
  if (!isRow(value)) return null;
  for (const each of Object.values(value)) {
    const found = firstList(each);
    if (found) return found;
  }
  return null;
}

function flattened(row, prefix = "", cells = {}) {
  for (const [name, value] of Object.entries(row ?? {})) {
    const column = prefix ? `${prefix}.${name}` : name;
    if (isRow(value)) flattened(value, column, cells);
    else cells[column] = Array.isArray(value) && value.some(isRow) ? `${value.length} rows` : value;
  }
  return cells;
}

/** The list of an answer as columns and rows; of an answer without one, the answer as a row. */
export function tableOf(data) {
  if (!isRow(data)) return { columns: [], rows: [] };
  const rows = (firstList(data) ?? [data]).filter(isRow).map((row) => flattened(row));
  return { columns: [...new Set(rows.flatMap(Object.keys))], rows };
}

const FORMULA = /^\s*[=+\-@\t\r]/;

function csvCell(value) {
  const text = value === null || value === undefined ? "" : String(Array.isArray(value) ? value.join(" ") : value);
  const harmless = typeof value !== "number" && FORMULA.test(text) ? `'${text}` : text;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function csvOf({ columns, rows }) {
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => cells.map(csvCell).join(","))
    .join("\n");
}

// Two answers.

/** Whether a masked value may stand for another: `j***@e***.org` for `joerg@example.org`. */
function mayBe(masked, value) {
  if (typeof value !== "string") return false;
  const parts = masked.split("***").map((part) => part.trim().replace(/^\*\.$|\.$/, ""));
  const written = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${written.join(".*")}$`, "su").test(value);
}

function likeness(one, other, columns) {
  let points = 0;
  for (const column of columns) {
    const [a, b] = [one[column], other[column]];
    const [formA, formB] = [formOf(a), formOf(b)];
    if (["missing", "null", "pseudonym"].some((form) => form === formA || form === formB)) continue;
    if (JSON.stringify(a) === JSON.stringify(b)) points += 2;
    else if (formA === "masked" && mayBe(a, b)) points += 3;
    else if (formB === "masked" && mayBe(b, a)) points += 3;
    else return 0;
  }
  return points;
}

/** Both answers' rows side by side: those most alike together, and each that has no like alone. */
export function compared(first, second) {
  const [one, other] = [tableOf(first), tableOf(second)];
  const columns = [...new Set([...one.columns, ...other.columns])];
  const left = new Set(other.rows);
  const pairs = one.rows.map((row) => {
    const [best, points] = [...left].reduce(
      ([kept, most], candidate) => {
        const found = likeness(row, candidate, columns);
        return found > most ? [candidate, found] : [kept, most];
      },
      [null, 0],
    );
    if (points) left.delete(best);
    return { first: row, second: points ? best : null };
  });
  return { columns, rows: [...pairs, ...[...left].map((row) => ({ first: null, second: row }))] };
}

// What is handed on.

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The request as a command line. The token stays out of it. */
export function curlOf({ sent, query, variables, operationName }) {
  const headers = Object.entries(sent).map(([name, value]) =>
    name === "authorization" ? `-H "authorization: Bearer $TOKEN"` : `-H ${quoted(`${name}: ${value}`)}`,
  );
  const body = JSON.stringify({ query, variables, operationName });
  return [`curl ${location.origin}/graphql`, ...headers, `-d ${quoted(body)}`].join(" \\\n  ");
}

/** An address that restores who asks what for what. It holds no token. */
export function linkOf({ persona, purpose, query, variables }) {
  const state = { persona: persona?.name ?? "", purpose: purpose ?? "", query, variables: JSON.stringify(variables ?? null) };
  return `${location.origin}/graphql#${new URLSearchParams(state)}`;
}

export function linked(hash) {
  const state = new URLSearchParams(hash.slice(1));
  if (!state.get("query")) return null;
  return { ...Object.fromEntries(state), variables: state.get("variables") };
}

/** The name of a query's operation, if it has one. */
export function operationOf(query) {
  const operation = documentOf(query)?.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return operation?.name?.value ?? null;
}

/** Which values of an answer are masked, and on which lines of it they stand. Asks nobody. */

import { getNamedType, isCompositeType, isLeafType, Kind, parse } from "graphql";
import { formOf } from "./reading.js";

const MONTH = /^\d{4}-\d\d-01T00:00:00(?:\.0+)?(?:Z|\+00:00)$/;
const NETWORK = /^[\d.:a-f]+\/\d+$/;
const TWO_DIGITS = /^-?(?:\d{1,2}0*(?:\.0+)?|0?\.\d{1,2}0*)$/;

/** The form of a value that is perhaps masked: some masks look like values, so it depends on the kind of field. */
function perhaps(value, field) {
  const form = formOf(value);
  if (form !== "plain") return form;
  const [text, type] = [String(value), getNamedType(field.type).name];
  const isCoarse =
    (type === "DateTime" && MONTH.test(text)) ||
    (["Decimal", "Int", "Float"].includes(type) && TWO_DIGITS.test(text)) ||
    NETWORK.test(text) ||
    (/postal addresses/.test(field.description) && !/\d/.test(text));
  return isCoarse ? "masked" : "plain";
}

const isShownWhole = (field) => /Shown as stored/.test(field.description ?? "");

/** The places of an answer's masked values, like `members.nodes.0.email`, each with its form. */
export function maskedPlaces(schema, query, answer) {
  const found = new Map();
  const document = parsedOr(query);
  const operations = document?.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION) ?? [];
  const treated = new Set(answer?.extensions?.privacy?.treatments?.map(({ field }) => field));
  if (!schema || !answer?.data || treated.size === 0) return found;
  const fragments = new Map(document?.definitions.filter(({ name }) => name).map((each) => [each.name.value, each]));

  /** The fields that a selection asks of a type under each key; those of fragments, whichever type they are on. */
  function* fieldsOf(type, selectionSet) {
    for (const node of selectionSet?.selections ?? []) {
      if (node.kind === Kind.FIELD) yield { type, node };
      else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
        const on = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
        if (on) yield* fieldsOf(on, fragment?.selectionSet);
      }
    }
  }

  function form(value, type, field, exact) {
    const isTreated = exact ? exact.has(field.name) : treated.has(`${type.name}.${field.name}`);
    if (!isTreated || value === null) return "plain";
    if (!exact && isShownWhole(field)) return perhaps(value, field);
    return formOf(value) === "pseudonym" ? "pseudonym" : "masked";
  }

  function mark(value, type, field, exact, place) {
    const values = Array.isArray(value) ? value.map((each, index) => [each, [...place, index]]) : [[value, place]];
    for (const [each, at] of values) {
      const shown = form(each, type, field, exact);
      if (["masked", "pseudonym"].includes(shown)) found.set(at.join("."), shown);
    }
  }

  function look(value, asked, place) {
    if (Array.isArray(value)) value.forEach((each, index) => look(each, asked, [...place, index]));
    else if (value !== null && typeof value === "object") lookInRow(value, asked, place);
  }

  function lookInRow(row, asked, place) {
    const list = asked.find(({ node }) => node.name.value === "maskedFields")?.node;
    const exact = list && row[(list.alias ?? list.name).value];
    const exactly = exact?.every(({ field }) => field) ? new Set(exact.map(({ field }) => field)) : null;
    for (const [key, value] of Object.entries(row)) {
      const asking = asked.filter(({ node }) => (node.alias ?? node.name).value === key);
      const below = [];
      for (const { type, node } of asking) {
        const field = type.getFields?.()[node.name.value];
        if (!field) continue;
        const named = getNamedType(field.type);
        if (isCompositeType(named)) below.push(...fieldsOf(named, node.selectionSet));
        else if (isLeafType(named)) mark(value, type, field, exactly, [...place, key]);
      }
      if (below.length > 0) look(value, below, [...place, key]);
    }
  }

  for (const operation of operations) {
    const root = schema.getRootType?.(operation.operation);
    if (root) look(answer.data, [...fieldsOf(root, operation.selectionSet)], ["data"]);
  }
  return found;
}

function parsedOr(query) {
  try {
    return parse(query);
  } catch {
    return null;
  }
}

const LINE = /^\s*(?:"((?:[^"\\]|\\.)*)": )?(.*?),?$/;

/** The values of JSON as it is printed, a line each: where each stands in it and on its line. */
export function* valuesOf(lines) {
  const around = [];
  for (const [number, line] of lines.entries()) {
    const [, key, value] = LINE.exec(line);
    if (value.startsWith("}") || value.startsWith("]")) {
      around.pop();
      continue;
    }
    const inside = around.at(-1);
    const place = inside ? [...inside.place, inside.isList ? inside.next++ : key] : [];
    if (value === "{" || value === "[") around.push({ place, isList: value === "[", next: 0 });
    else {
      const start = line.length - (line.endsWith(",") ? 1 : 0) - value.length;
      yield { place: place.join("."), number, start, end: start + value.length };
    }
  }
}

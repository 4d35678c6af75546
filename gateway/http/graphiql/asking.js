/** Asks the gateway as somebody, and remembers how it was asked and answered. */

import { buildClientSchema, getIntrospectionQuery, Kind, parse, print, TypeInfo, visit, visitWithTypeInfo } from "graphql";

/** A request of the console's own has such a name: it is no query of the user's. */
export const OWN = "Veil";

export function headersOf(persona, purpose) {
  const headers = new Headers({
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json",
  });
  if (persona) headers.set("access-purpose", purpose);
  if (persona?.token) headers.set("authorization", `Bearer ${persona.token}`);
  if (persona?.reference) headers.set("access-reference", persona.reference);
  return headers;
}

/** The exchange of one request: who asked what for what, when, and what came back in how many milliseconds. */
export async function ask(persona, purpose, { query, variables, operationName }, typed = {}) {
  const headers = headersOf(persona, purpose);
  for (const [name, value] of Object.entries(typed)) headers.set(name, value);
  const body = JSON.stringify({ query, variables, operationName });
  const at = new Date();
  const began = performance.now();
  const response = await fetch("/graphql", { method: "POST", headers, body, credentials: "omit" });
  const text = await response.text();
  const milliseconds = Math.round(performance.now() - began);
  return {
    persona,
    purpose: persona ? purpose : headers.get("access-purpose"),
    query,
    variables,
    operationName,
    at,
    milliseconds,
    status: response.status,
    sent: Object.fromEntries(headers),
    received: Object.fromEntries(response.headers),
    answer: parsed(text),
  };
}

export function parsed(text) {
  try {
    return JSON.parse(text || "null");
  } catch {
    return null;
  }
}

const schemas = new Map();

/** The schema of a persona for a purpose, asked for once. */
async function schemaOf(persona, purpose) {
  const key = `${persona.name} ${purpose}`;
  if (!schemas.has(key)) {
    const query = getIntrospectionQuery({ descriptions: false });
    const { answer } = await ask(persona, purpose, { query, operationName: "IntrospectionQuery" });
    if (!answer?.data) return null;
    schemas.set(key, buildClientSchema(answer.data));
  }
  return schemas.get(key);
}

/** The query without the fields that a schema does not have, and their names. */
function within(schema, query) {
  const types = new TypeInfo(schema);
  const missing = new Set();
  const kept = visit(
    parse(query),
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (types.getFieldDef() || !parent) return undefined;
        missing.add(`${parent.name}.${node.name.value}`);
        return null;
      },
    }),
  );
  const emptied = visit(kept, {
    Field: { leave: (node) => (node.selectionSet && node.selectionSet.selections.length === 0 ? null : undefined) },
    InlineFragment: { leave: (node) => (node.selectionSet.selections.length === 0 ? null : undefined) },
  });
  const asks = emptied.definitions.some(
    ({ kind, selectionSet }) => kind === Kind.OPERATION_DEFINITION && selectionSet.selections.length > 0,
  );
  return { query: asks ? print(emptied) : null, missing: [...missing] };
}

/** The same request as somebody else, without what is not in their schema. */
export async function askAlso(persona, purpose, { query, variables, operationName }) {
  const schema = await schemaOf(persona, purpose);
  const also = schema ? within(schema, query) : { query, missing: [] };
  if (!also.query) return { persona, purpose, missing: also.missing, answer: { data: {} }, status: null };
  return { ...(await ask(persona, purpose, { query: also.query, variables, operationName })), missing: also.missing };
}

let clauses = null;

/** What each clause of the policy settles, by its id; nothing where that may not be asked. */
export async function clausesInWords() {
  clauses ??= ask(null, null, {
    query: `query ${OWN}Clauses { privacyPolicy { clauses { id settles } } }`,
    operationName: `${OWN}Clauses`,
  }).then(({ answer }) =>
    Object.fromEntries((answer?.data?.privacyPolicy?.clauses ?? []).map(({ id, settles }) => [id, settles])),
  );
  return clauses;
}

const RECORD = `query ${OWN}Record($id: ID!) {
  node(id: $id) {
    ... on AccessRecord {
      id at role purpose organisation { id name } reference policy operation outcome subjectCount crossBorder trace
      fields { field treatment clauses }
    }
  }
}`;

/** An access record as it stands: as the demo's privacy officer, else as whoever asked, whom the policy may refuse it. */
export async function recordOf(id, officer, { sent }) {
  const asked = { query: RECORD, variables: { id: `AccessRecord:${id}` }, operationName: `${OWN}Record` };
  const { answer } = officer ? await ask(officer, "privacy_oversight", asked) : await ask(null, null, asked, sent);
  return answer?.data?.node ?? null;
}

/** What proves that a record is in the sealed log, or why nothing does yet. Only a demo tells. */
export async function proofOf(record) {
  const response = await fetch(`/console/proof/${record}`, { credentials: "omit" });
  return response.ok ? response.json() : null;
}

/** The statement of a request, and how it was decided. Only a demo tells. */
export async function statementOf({ persona, purpose, query, variables, operationName }) {
  const body = JSON.stringify({ query, variables, operationName, role: persona.role, purpose });
  const response = await fetch("/console/statement", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    credentials: "omit",
  });
  return response.ok ? response.json() : null;
}

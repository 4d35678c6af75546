/**
 * The console: GraphiQL, a picker of persona and purpose, and what the privacy policy did to the last answer.
 *
 * Made from GraphiQL's own components and stylesheets (`@graphiql/*` and `monaco-*` come with `graphiql`, so that their
 * versions always match). It must never ask another host for anything, nor keep a token in the browser's storage.
 */

import "@graphiql/react/font/roboto.css";
import "@graphiql/react/font/fira-code.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./console.css";

import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { useEffect, useMemo, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

const WORKERS = { json: "json.worker.js", graphql: "graphql.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker(_, label) {
    const worker = new URL(WORKERS[label] ?? "editor.worker.js", import.meta.url);
    worker.search = new URL(import.meta.url).search; // the version of the build: workers are cached for ever too
    return new Worker(worker, { type: "module" });
  },
};

// Comments are allowed here. Only without personas: otherwise the picker sets these headers.
const HEADERS_TO_TYPE = `{
  // "Authorization": "Bearer <token>",
  "Access-Purpose": "public_browsing"
}`;

function headersOf(persona, purpose) {
  const headers = new Headers({
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json",
  });
  if (persona) headers.set("access-purpose", purpose);
  if (persona?.token) headers.set("authorization", `Bearer ${persona.token}`);
  if (persona?.reference) headers.set("access-reference", persona.reference);
  return headers;
}

function fetcherFor(persona, purpose) {
  return async function fetcher({ query, variables, operationName }, { headers: typed = {} } = {}) {
    const headers = headersOf(persona, purpose);
    for (const [name, value] of Object.entries(typed)) headers.set(name, value);
    // Just after a change of tab GraphiQL may still name the operation of the tab before.
    const named = operationName && query.includes(operationName) ? operationName : undefined;
    const body = JSON.stringify({ query, variables, operationName: named });
    const response = await fetch("/graphql", { method: "POST", headers, body, credentials: "omit" });
    return response.json().catch(() => {
      throw new Error(`the gateway answered ${response.status} without JSON: look at its log`);
    });
  };
}

/** A tab for one of a persona's queries. `began` is its first text, so that edits can be noticed. */
function tabOf({ title, purpose, query }) {
  const operationName = /\b(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? null;
  return {
    id: `${Date.now()} ${title}`,
    hash: null,
    title: operationName ?? title,
    query,
    variables: null,
    headers: null,
    operationName,
    response: null,
    began: query,
    purpose,
  };
}

const isUsersOwn = (tab) => Boolean(tab.query?.trim()) && tab.query !== tab.began;

/** Rendered inside GraphiQL, to reach its store: replaces the last persona's tabs with this persona's. */
function StartingTabs({ queries, onOpened }) {
  const { tabs, activeTabIndex, queryEditor } = useGraphiQL(pick("tabs", "activeTabIndex", "queryEditor"));
  const { moveTab, changeTab, closeTab } = useGraphiQLActions();

  useEffect(() => {
    if (!queries?.length || !queryEditor) return;
    const active = tabs[activeTabIndex];
    const order = [...queries.map(tabOf), ...tabs.filter(isUsersOwn)];
    const activeGoes = !isUsersOwn(active);
    // GraphiQL can reorder tabs only around the active one, which therefore comes along and is closed last.
    moveTab(activeGoes ? [...order, active] : order);
    changeTab(0);
    if (activeGoes) closeTab(order.length);
    onOpened();
  }, [queries, queryEditor]);
}

function Picker({ personas, persona, purpose, onPersona, onPurpose }) {
  return (
    <div className="veil-picker">
      <label htmlFor="persona">Persona</label>
      <select id="persona" value={persona.name} onChange={(event) => onPersona(event.target.value)}>
        {personas.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <label htmlFor="purpose">Purpose</label>
      <select id="purpose" value={purpose} onChange={(event) => onPurpose(event.target.value)}>
        {persona.purposes.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <span className="veil-role">{persona.role}</span>
      <span className="veil-description">{persona.description}</span>
    </div>
  );
}

const MEANINGS = {
  PARTIAL: "masked: the kind is visible, the value is not",
  TOKEN: "a pseudonym that only this requester gets",
  HIDDEN: "null, unless a grant shows it",
};

/** The clause column is shown only to requesters who get clauses. */
function Treatments({ treatments }) {
  if (treatments.length === 0) return <p>Every field is shown as stored.</p>;
  const hasClauses = treatments.some(({ clause }) => clause);
  return (
    <table id="treatments">
      <caption>How a field may be shown at the least. Fields not listed are shown as stored.</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Treatment</th>
          {hasClauses && <th scope="col">Clause</th>}
        </tr>
      </thead>
      <tbody>
        {treatments.map(({ field, treatment, clause }, row) => (
          <tr key={row}>
            <td className="veil-code">{field}</td>
            <td>
              <span className={`veil-badge veil-${treatment.toLowerCase()}`}>{treatment}</span>
              <span className="veil-meaning">{MEANINGS[treatment]}</span>
            </td>
            {hasClauses && <td className="veil-code">{clause ?? "–"}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function parsed(response) {
  try {
    return JSON.parse(response || "null");
  } catch {
    return null;
  }
}

/** Describes the response of the active tab. GraphiQL keeps each tab's response as text. */
function Privacy() {
  const { tabs, activeTabIndex, isFetching } = useGraphiQL(pick("tabs", "activeTabIndex", "isFetching"));
  const { response } = tabs[activeTabIndex];
  const answer = useMemo(() => parsed(response), [response]);
  const privacy = answer?.extensions?.privacy;
  const errors = answer?.errors?.filter(({ extensions }) => extensions?.code) ?? [];
  return (
    <section className="veil-privacy" aria-labelledby="privacy" aria-live="polite">
      <header>
        <h2 id="privacy">Privacy</h2>
        {privacy && (
          <dl>
            <div>
              <dt>Policy</dt>
              <dd id="policy">{privacy.policy}</dd>
            </div>
            <div>
              <dt>Record</dt>
              <dd id="record" className="veil-code">
                {privacy.record}
              </dd>
            </div>
          </dl>
        )}
      </header>
      {errors.map(({ message, extensions }, row) => (
        <p key={row} className="veil-error">
          <span className="veil-badge veil-refused">{extensions.code}</span>
          <span>
            {message}
            {extensions.hint && <span className="veil-hint">{extensions.hint}</span>}
          </span>
        </p>
      ))}
      {privacy?.treatments && <Treatments treatments={privacy.treatments} />}
      {!answer && !isFetching && <p>Run a query to see how the policy treated each field.</p>}
      {answer && !privacy && errors.length === 0 && <p>This answer has no privacy information.</p>}
    </section>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M10 2.5a7.5 7.5 0 0 0 0 15z" fill="currentColor" />
    </svg>
  );
}

/** The last choice, if it still exists. `queries` are the tabs to open: none after a reload. */
function chosenBefore(personas) {
  const persona = personas.find(({ name }) => name === localStorage.getItem("veil:persona"));
  if (!persona) return choice(personas[0]);
  const stored = localStorage.getItem("veil:purpose");
  return { persona, purpose: persona.purposes.includes(stored) ? stored : persona.purposes[0], queries: null };
}

function choice(persona) {
  return { persona, purpose: persona?.queries[0]?.purpose ?? persona?.purposes[0], queries: persona?.queries ?? null };
}

function Console({ personas }) {
  const [{ persona, purpose, queries }, choose] = useState(() => chosenBefore(personas));
  const activeTab = useRef(null);
  // A new fetcher is what makes GraphiQL ask for the schema again.
  const fetcher = useMemo(() => fetcherFor(persona, purpose), [persona, purpose]);

  useEffect(() => {
    if (!persona) return;
    localStorage.setItem("veil:persona", persona.name);
    localStorage.setItem("veil:purpose", purpose);
  }, [persona, purpose]);

  function onPersona(chosen) {
    choose(choice(personas.find(({ name }) => name === chosen)));
  }

  function onPurpose(chosen) {
    choose((now) => ({ ...now, purpose: chosen }));
  }

  function onTabChange({ tabs, activeTabIndex }) {
    const tab = tabs[activeTabIndex];
    if (tab.id === activeTab.current) return; // edited, not changed: the purpose the user picked stays
    activeTab.current = tab.id;
    choose((now) => (now.persona?.purposes.includes(tab.purpose) ? { ...now, purpose: tab.purpose } : now));
  }

  return (
    <div className="graphiql-container veil">
      <header className="veil-bar">
        <h1>
          <Mark /> Veil
        </h1>
        {persona && <Picker {...{ personas, persona, purpose, onPersona, onPurpose }} />}
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          defaultQuery=""
          defaultHeaders={persona ? undefined : HEADERS_TO_TYPE}
          defaultEditorToolsVisibility={persona ? false : "headers"}
          shouldPersistHeaders={false}
          schemaDescription
          onTabChange={onTabChange}
        >
          <GraphiQL.Logo>
            <span />
          </GraphiQL.Logo>
          <GraphiQL.Footer>
            <Privacy />
          </GraphiQL.Footer>
          <StartingTabs queries={queries} onOpened={() => choose((now) => ({ ...now, queries: null }))} />
        </GraphiQL>
      </main>
    </div>
  );
}

async function personasOffered() {
  const response = await fetch("/console/personas");
  return response.ok ? (await response.json()).personas : []; // a production gateway has no personas
}

const personas = await personasOffered();
createRoot(document.getElementById("console")).render(<Console personas={personas} />);

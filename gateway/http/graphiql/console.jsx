/**
 * The console: GraphiQL, pickers of persona and purpose, and a panel that tells what the privacy policy did.
 *
 * Made from GraphiQL's own components and stylesheets (`@graphiql/*` but its explorer, and `monaco-*`, come with
 * `graphiql`, so that their versions always match). It must never ask another host for anything, nor keep a token in the browser's storage.
 */

import "@graphiql/react/font/roboto.css";
import "@graphiql/react/font/fira-code.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-explorer/style.css";
import "graphiql/graphiql.css";
import "./console.css";

import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { useEffect, useMemo, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { ask, askAlso, parsed } from "./asking.js";
import { clicking } from "./clicking.jsx";
import { maskedPlaces, valuesOf } from "./marking.js";
import { Panel } from "./panel.jsx";
import { linked, operationOf } from "./reading.js";

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

function fetcherFor(persona, purpose, onExchange) {
  return async function fetcher({ query, variables, operationName }, { headers: typed = {} } = {}) {
    // Just after a change of tab GraphiQL may still name the operation of the tab before.
    const named = operationName && query.includes(operationName) ? operationName : undefined;
    const exchange = await ask(persona, purpose, { query, variables, operationName: named }, typed);
    if (!exchange.answer) throw new Error(`the gateway answered ${exchange.status} without JSON: look at its log`);
    if (operationName !== "IntrospectionQuery") onExchange(exchange);
    return exchange.answer;
  };
}

/** A tab for one of a persona's queries. `began` is its first text, so that edits can be noticed. */
function tabOf({ title, purpose, query, variables = null }) {
  const operationName = operationOf(query);
  return {
    id: `${Date.now()} ${title}`,
    hash: null,
    title: operationName ?? title,
    query,
    variables,
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

function Chooser({ id, label, value, names, onChange }) {
  return (
    <span className="veil-chooser">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </span>
  );
}

const PLUGINS = [clicking];

const NOBODY = "nobody";

function Picker({ personas, persona, purpose, other, onPersona, onPurpose, onOther }) {
  const named = (wanted) => personas.find(({ name }) => name === wanted);
  return (
    <div className="veil-picker">
      <Chooser
        {...{ id: "persona", label: "Persona", value: persona.name, onChange: onPersona }}
        names={personas.map(({ name }) => name)}
      />
      <Chooser {...{ id: "purpose", label: "Purpose", value: purpose, names: persona.purposes, onChange: onPurpose }} />
      <Chooser
        {...{ id: "compare", label: "Compare with", value: other?.persona.name ?? NOBODY }}
        names={[NOBODY, ...personas.map(({ name }) => name)]}
        onChange={(name) => onOther(name === NOBODY ? null : likely(named(name), purpose))}
      />
      {other && (
        <Chooser
          {...{ id: "compare-purpose", label: "for", value: other.purpose, names: other.persona.purposes }}
          onChange={(chosen) => onOther({ ...other, purpose: chosen })}
        />
      )}
      <span className="veil-role">{persona.role}</span>
      {persona.pages && <a href={entrance(persona)}>{NAMES_OF_PAGES[persona.pages]}</a>}
      <span className="veil-description">{persona.description}</span>
    </div>
  );
}

const NAMES_OF_PAGES = { "/my-data": "My data", "/desk": "Desk" };

/** Where somebody enters their pages as this persona: the site signs in who comes from its own console. */
function entrance({ name, pages }) {
  return `/sign-in?${new URLSearchParams({ persona: name, next: pages })}`;
}

/** A persona for the purpose of another, or for one of its own. */
function likely(persona, purpose) {
  return { persona, purpose: persona.purposes.includes(purpose) ? purpose : choice(persona).purpose };
}

/** Marks in the answer what is masked in it. */
function useMarks(editor, masked) {
  const marks = useRef(null);
  useEffect(() => {
    if (!editor) return undefined;
    function mark() {
      const values = [...valuesOf(editor.getModel()?.getLinesContent() ?? [])];
      marks.current ??= editor.createDecorationsCollection();
      marks.current.set(
        values
          .filter(({ place }) => masked.has(place))
          .map(({ place, number, start, end }) => ({
            range: {
              startLineNumber: number + 1,
              startColumn: start + 1,
              endLineNumber: number + 1,
              endColumn: end + 1,
            },
            options: { inlineClassName: `veil-in-answer veil-${masked.get(place)}` },
          })),
      );
    }
    mark();
    const listening = editor.onDidChangeModelContent(mark);
    return () => listening.dispose();
  }, [editor, masked]);
}

/** Describes the response of the active tab. GraphiQL keeps each tab's response as text. */
function About({ exchanges, persona, purpose, other, officer, history, onRestore, onOther }) {
  const { tabs, activeTabIndex, isFetching, schema, responseEditor } = useGraphiQL(
    pick("tabs", "activeTabIndex", "isFetching", "schema", "responseEditor"),
  );
  const [seconds, setSeconds] = useState(new Map());
  const { response } = tabs[activeTabIndex];
  const answer = useMemo(() => parsed(response), [response]);
  const record = answer?.extensions?.privacy?.record;
  const exchange = record && exchanges.find((each) => each.answer.extensions?.privacy?.record === record);
  const isStale = Boolean(exchange?.persona && (exchange.persona !== persona || exchange.purpose !== purpose));
  const lastMasked = useRef(new Map());
  const masked = useMemo(() => {
    // Once the pickers have moved on, the schema is somebody else's: what was marked stays.
    if (!isStale) lastMasked.current = maskedPlaces(schema, exchange?.query ?? "", answer);
    return lastMasked.current;
  }, [schema, exchange, answer, isStale]);
  useMarks(responseEditor, masked);

  const beside = other && exchange ? `${record} ${other.persona.name} ${other.purpose}` : null;
  useEffect(() => {
    if (!beside || seconds.has(beside)) return;
    askAlso(other.persona, other.purpose, exchange).then((second) =>
      setSeconds((known) => new Map(known).set(beside, second)),
    );
  }, [beside]);

  const second = seconds.get(beside) ?? null;
  const told = { answer, exchange, other, second, schema, isFetching, isStale, officer, history };
  return <Panel {...told} {...{ onRestore, onOther }} />;
}

function Mark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M10 2.5a7.5 7.5 0 0 0 0 15z" fill="currentColor" />
    </svg>
  );
}

/** What a link says, else the last choice, if it still exists. `queries` are the tabs to open: none after a reload. */
function chosenBefore(personas) {
  const link = linked(location.hash);
  if (link) {
    window.history.replaceState(null, "", location.pathname);
    return restored(personas, link);
  }
  const persona = personas.find(({ name }) => name === localStorage.getItem("veil:persona"));
  if (!persona) return choice(personas[0]);
  const stored = localStorage.getItem("veil:purpose");
  return { persona, purpose: persona.purposes.includes(stored) ? stored : persona.purposes[0], queries: null };
}

function choice(persona) {
  return { persona, purpose: persona?.queries[0]?.purpose ?? persona?.purposes[0], queries: persona?.queries ?? null };
}

/** What was asked once, to be asked again. */
function restored(personas, { persona: name, purpose: asked, query, variables }) {
  const persona = personas.find((each) => each.name === name) ?? personas[0];
  const purpose = persona?.purposes.includes(asked) ? asked : choice(persona).purpose;
  const tab = { title: "Restored", purpose, query, variables: variables === "null" ? null : variables };
  return { persona, purpose, queries: [tab] };
}

const HISTORY = "veil:history";
const LONGEST_HISTORY = 50;

function remembered() {
  return parsed(localStorage.getItem(HISTORY)) ?? [];
}

function Console({ personas }) {
  const [{ persona, purpose, queries }, choose] = useState(() => chosenBefore(personas));
  const [other, setOther] = useState(null);
  const [exchanges, setExchanges] = useState([]);
  const [history, setHistory] = useState(remembered);
  const activeTab = useRef(null);
  const officer = personas.find(({ purposes }) => purposes.includes("privacy_oversight"));

  function onExchange(exchange) {
    setExchanges((earlier) => [exchange, ...earlier].slice(0, LONGEST_HISTORY));
    const { query, variables, status, at } = exchange;
    const entry = {
      ...{ query, status, at: at.toISOString(), purpose: exchange.purpose, persona: exchange.persona?.name ?? "" },
      variables: variables ? JSON.stringify(variables) : null,
    };
    setHistory((earlier) => [entry, ...earlier].slice(0, LONGEST_HISTORY));
  }

  // A new fetcher is what makes GraphiQL ask for the schema again.
  const fetcher = useMemo(() => fetcherFor(persona, purpose, onExchange), [persona, purpose]);

  useEffect(() => {
    localStorage.setItem(HISTORY, JSON.stringify(history));
  }, [history]);

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
        {persona && (
          <Picker {...{ personas, persona, purpose, other, onPersona, onPurpose }} onOther={setOther} />
        )}
        {!persona && (
          <p className="veil-description">
            Get a token from your issuer. Send it under Headers as <code>Authorization: Bearer …</code>, with one of its
            purposes as <code>Access-Purpose</code>, and fetch the schema again. Without a token you are the public.
          </p>
        )}
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
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
            <About
              {...{ exchanges, persona, purpose, other, officer, history }}
              onRestore={(each) => choose(restored(personas, each))}
              onOther={setOther}
            />
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

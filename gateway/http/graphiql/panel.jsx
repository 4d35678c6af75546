/** What is told of the last answer, in tabs: its privacy, a comparison, a table, its record, its statement, its headers. */

import { useEffect, useRef, useState } from "react";
import { clausesInWords } from "./asking.js";
import { RecordTab, StatementTab } from "./behind.jsx";
import { Badge, CopyButton, Pairs, useAwaited } from "./parts.jsx";
import { compared, csvOf, curlOf, formOf, linkOf, selectedFields, tableOf } from "./reading.js";

const MEANINGS = {
  PLAIN: "as stored",
  PARTIAL: "masked: the kind is visible, the value is not",
  TOKEN: "a pseudonym that only this requester gets",
  HIDDEN: "null, unless a grant shows it",
};

const FORMS = {
  masked: "partial",
  pseudonym: "token",
  null: "hidden",
  missing: "refused",
  plain: "plain",
};

function Errors({ answer }) {
  const errors = answer?.errors?.filter(({ extensions }) => extensions?.code) ?? [];
  return errors.map(({ message, extensions }, row) => (
    <p key={row} className="veil-error">
      <Badge kind="refused">{extensions.code}</Badge>
      <span>
        {message}
        {extensions.hint && <span className="veil-hint">{extensions.hint}</span>}
      </span>
    </p>
  ));
}

/** The clause column is shown only to requesters who get clauses. */
function Treatments({ treatments, selected }) {
  const why = Object.fromEntries(selected.map((each) => [each.field, each.why]));
  const masked = new Set(treatments.map(({ field }) => field));
  const plain = selected.filter(({ field }) => !masked.has(field)).map(({ field }) => ({ field, treatment: "PLAIN" }));
  const hasClauses = treatments.some(({ clause }) => clause);
  const { value: words } = useAwaited(() => (hasClauses ? clausesInWords() : null), [hasClauses]);
  if (treatments.length === 0 && plain.length === 0) return <p>Every field is shown as stored.</p>;
  return (
    <table id="treatments">
      <caption>How a field may be shown at the least, and why.</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Treatment</th>
          <th scope="col">Why</th>
          {hasClauses && <th scope="col">Clause</th>}
        </tr>
      </thead>
      <tbody>
        {[...treatments, ...plain].map(({ field, treatment, clause }) => (
          <tr key={field}>
            <td className="veil-code">{field}</td>
            <td>
              <Badge kind={treatment.toLowerCase()}>{treatment}</Badge>
              <span className="veil-meaning">{MEANINGS[treatment]}</span>
            </td>
            <td>{why[field] ?? "–"}</td>
            {hasClauses && (
              <td>
                <span className="veil-code">{clause ?? "–"}</span>
                {words &&
                  clause?.split(" ").map((id) => (
                    <span key={id} className="veil-hint">
                      {id}: {words[id]}
                    </span>
                  ))}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PrivacyTab({ answer, exchange, schema, isFetching }) {
  const privacy = answer?.extensions?.privacy;
  const selected = selectedFields(schema, exchange?.query ?? "");
  const hasErrors = Boolean(answer?.errors?.length);
  return (
    <>
      <Errors answer={answer} />
      {privacy?.instrumentApplies === false && (
        <p id="instrument">
          <Badge kind="refused">no instrument</Badge> The legal instrument that the request names does not apply, so nothing is
          shown by it.
        </p>
      )}
      {privacy?.treatments && <Treatments treatments={privacy.treatments} selected={selected} />}
      {!answer && !isFetching && <p>Run a query to see how the policy treated each field.</p>}
      {answer && !privacy && !hasErrors && <p>This answer has no privacy information.</p>}
    </>
  );
}

function Cell({ column, row, other }) {
  if (!row) return <td />;
  const value = row[column];
  const differs = !other || JSON.stringify(value) !== JSON.stringify(other[column]);
  const form = formOf(value);
  const text = value === undefined || value === null ? "" : String(value);
  return (
    <td className={differs ? "veil-differs" : undefined}>
      {text}
      {differs && form !== "plain" && <Badge kind={FORMS[form]}>{form}</Badge>}
    </td>
  );
}

/** Asks for the token of a second requester, which stays on this page alone. */
function SecondRequester({ onOther }) {
  function onSubmit(event) {
    event.preventDefault();
    const [token, purpose, reference] = ["token", "purpose", "reference"].map((name) => event.target[name].value.trim());
    // A name of its own for each: what is remembered of a second requester goes by it.
    const name = `second token, ${new Date().toLocaleTimeString()}`;
    onOther({ persona: { name, token, reference: reference || null, purposes: [purpose] }, purpose });
  }
  return (
    <form id="second" className="veil-actions" onSubmit={onSubmit}>
      <label>
        Token <input name="token" type="password" autoComplete="off" required />
      </label>
      <label>
        Purpose <input name="purpose" autoComplete="off" required />
      </label>
      <label>
        Reference <input name="reference" autoComplete="off" placeholder="if the purpose needs one" />
      </label>
      <button type="submit" className="veil-button">
        Compare
      </button>
      <p>The same query is asked as this requester too, and recorded as theirs. The token stays on this page.</p>
    </form>
  );
}

function CompareTab({ exchange, other, second, onOther }) {
  if (!other && onOther) return <SecondRequester onOther={onOther} />;
  if (!other) return <p>Pick a second persona above, under “Compare with”.</p>;
  if (!exchange) return <p>Run a query to compare what is shown to {other.persona.name}.</p>;
  if (!second) return <p>Asking as {other.persona.name} …</p>;
  const { columns, rows } = compared(exchange.answer?.data, second.answer?.data);
  const shownTo = (each) => `${each.persona?.name ?? "you"} · ${each.purpose}`;
  return (
    <>
      <Errors answer={second.answer} />
      {onOther && (
        <p className="veil-actions">
          <button type="button" className="veil-button" onClick={() => onOther(null)}>
            Compare with another token
          </button>
        </p>
      )}
      {second.missing.length > 0 && (
        <p>
          <Badge kind="refused">missing</Badge> {second.persona.name} has no such fields: {second.missing.join(", ")}
        </p>
      )}
      <table id="comparison">
        <caption>
          {shownTo(exchange)} beside {shownTo(second)}. Rows are put together by what both show; what differs is marked.
        </caption>
        <thead>
          <tr>
            <th scope="col">Shown to</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        {rows.map(({ first, second: other }, position) => (
          <tbody key={position}>
            {[
              [exchange, first, other],
              [second, other, first],
            ].map(([each, row, beside], side) => (
              <tr key={side}>
                <th scope="row">{each.persona?.name ?? "you"}</th>
                {row
                  ? columns.map((column) => <Cell key={column} column={column} row={row} other={beside} />)
                  : (
                    <td colSpan={Math.max(columns.length, 1)}>
                      <Badge kind="refused">row absent</Badge>
                    </td>
                  )}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </>
  );
}

function TableTab({ answer }) {
  const table = tableOf(answer?.data);
  if (table.rows.length === 0) return <p>This answer has no rows.</p>;
  const csv = csvOf(table);
  return (
    <>
      <p className="veil-actions">
        <CopyButton text={csv}>Copy as CSV</CopyButton>
        <a className="veil-button" download="answer.csv" href={`data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`}>
          Download CSV
        </a>
      </p>
      <table id="rows">
        <caption>{table.rows.length} rows</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, position) => (
            <tr key={position}>
              {table.columns.map((column) => (
                <Cell key={column} column={column} row={row} other={null} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const concealed = ([name, value]) => [name, name === "authorization" ? `${value.slice(0, 17)}…` : value];

function HeadersTab({ exchange }) {
  if (!exchange) return <p>Run a query: what was sent and what came back is shown here.</p>;
  return (
    <>
      <p className="veil-actions">
        <CopyButton text={curlOf(exchange)}>Copy as curl</CopyButton>
      </p>
      <Pairs caption="Sent" pairs={Object.entries(exchange.sent).map(concealed)} />
      <Pairs caption="Came back" pairs={Object.entries(exchange.received)} />
    </>
  );
}

function HistoryTab({ history, onRestore }) {
  if (history.length === 0) return <p>Nothing was asked yet.</p>;
  return (
    <table id="history">
      <caption>What was asked in this browser, the newest first</caption>
      <thead>
        <tr>
          {["At", "Persona", "Purpose", "Status", "Query"].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {history.map((each) => (
          <tr key={each.at}>
            <td>{new Date(each.at).toLocaleTimeString()}</td>
            <td>{each.persona}</td>
            <td>{each.purpose}</td>
            <td>{each.status}</td>
            <td>
              <button type="button" className="veil-link" onClick={() => onRestore(each)}>
                {each.query.replace(/\s+/g, " ").slice(0, 80)}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** As whom, for what, when, how fast and with which outcome it was answered; greyed once the pickers have moved on. */
function Answered({ exchange, answer, isStale }) {
  const privacy = answer?.extensions?.privacy;
  const facts = [
    ["As", exchange?.persona?.name],
    ["For", exchange?.purpose],
    ["At", exchange?.at.toLocaleTimeString()],
    ["Took", exchange && `${exchange.milliseconds} ms`],
    ["Status", exchange?.status],
    ["Policy", privacy?.policy, "policy"],
    ["Record", privacy?.record, "record"],
  ];
  return (
    <dl id="answered" className={isStale ? "veil-stale" : undefined}>
      {facts
        .filter(([, value]) => value)
        .map(([name, value, id]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd id={id} className={id === "record" ? "veil-code" : undefined}>
              {value}
            </dd>
          </div>
        ))}
      {isStale && <div className="veil-moved">The pickers have moved on: run again to ask as they say.</div>}
    </dl>
  );
}

export function Panel({ answer, exchange, other, second, schema, isFetching, isStale, officer, history, onRestore, onOther }) {
  const [chosen, choose] = useState("Privacy");
  const list = useRef(null);
  // Outside a demo these are requests like any other: the policy decides them, and the log records them.
  const readsRecords = officer || schema?.getType("AccessRecord");
  const tabs = {
    Privacy: () => <PrivacyTab {...{ answer, exchange, schema, isFetching }} />,
    Compare: () => <CompareTab {...{ exchange, other, second }} onOther={officer ? null : onOther} />,
    Table: () => <TableTab {...{ answer }} />,
    Record: readsRecords && (() => <RecordTab {...{ officer, exchange }} record={answer?.extensions?.privacy?.record} />),
    SQL: officer && (() => <StatementTab {...{ exchange }} />),
    Headers: () => <HeadersTab {...{ exchange }} />,
    History: () => <HistoryTab {...{ history, onRestore }} />,
  };
  const names = Object.keys(tabs).filter((name) => tabs[name]);

  useEffect(() => {
    if (other) choose("Compare");
  }, [other]);

  function onKeyDown({ key }) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = names[(names.indexOf(chosen) + step + names.length) % names.length];
    choose(next);
    list.current.querySelector(`[data-tab="${next}"]`)?.focus();
  }

  return (
    <section className="veil-privacy" aria-label="About the answer">
      <header>
        <div role="tablist" aria-label="About the answer" ref={list} onKeyDown={onKeyDown}>
          {names.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              data-tab={name}
              aria-selected={name === chosen}
              aria-controls="veil-tab"
              tabIndex={name === chosen ? 0 : -1}
              onClick={() => choose(name)}
            >
              {name}
            </button>
          ))}
          {exchange?.persona && <CopyButton text={linkOf(exchange)}>Copy link</CopyButton>}
        </div>
        {answer && <Answered {...{ exchange, answer, isStale }} />}
      </header>
      <div
        id="veil-tab"
        role="tabpanel"
        tabIndex={0}
        aria-labelledby={`tab-${chosen}`}
        aria-live="polite"
        className={isStale ? "veil-stale" : undefined}
      >
        {tabs[chosen]()}
      </div>
    </section>
  );
}

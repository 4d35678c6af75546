/** What is behind an answer: its record with the proof, and its statement with the plan. */

import { useEffect, useState } from "react";
import { proofOf, recordOf, statementOf } from "./asking.js";
import { CopyButton, Pairs, useAwaited } from "./parts.jsx";

export function RecordTab({ record, officer, exchange }) {
  const isKnown = record && exchange;
  const { isDone, value } = useAwaited(() => (isKnown ? recordOf(record, officer, exchange) : null), [isKnown]);
  if (!isKnown) return <p>Run a query: its record is shown here.</p>;
  if (!isDone) return <p>Asking the log …</p>;
  if (!value) return <p>The log does not show record {record}.</p>;
  const { fields, organisation, ...columns } = value;
  const pairs = Object.entries({ ...columns, organisation: organisation?.name }).filter(([, each]) => each != null);
  return (
    <>
      <Pairs
        caption={`The access record as ${officer ? "the privacy officer sees" : "you see"} it: ids of requesters are pseudonyms.`}
        pairs={pairs.map(([name, each]) => [name, String(each)])}
      />
      {fields?.length > 0 && (
        <Pairs
          caption="What was shown at the most, and by which clauses"
          pairs={fields.map(({ field, treatment, clauses }) => [field, `${treatment} ${clauses ?? ""}`])}
        />
      )}
      {officer && <Proof record={record} />}
    </>
  );
}

const LOOKS = 10;

/** The proof of a record once it is sealed: a new record is, a second after it was written. */
function Proof({ record }) {
  const [looks, setLooks] = useState(0);
  const { isDone, value } = useAwaited(() => proofOf(record), [record, looks]);
  const [known, setKnown] = useState(null);
  useEffect(() => {
    if (!isDone) return undefined;
    setKnown(value);
    if (!value?.problem || looks >= LOOKS) return undefined;
    const later = setTimeout(() => setLooks(looks + 1), 1000);
    return () => clearTimeout(later);
  }, [isDone, value]);

  if (!known) return <p>Asking for the proof …</p>;
  if (known.problem) return <p id="proof">Not yet sealed: {known.problem}.</p>;
  const { proof, checked, key, origin, size, root, position, hashes } = known;
  const file = encodeURIComponent(JSON.stringify(proof));
  return (
    <div id="proof">
      <Pairs
        caption={`The record is sealed, and the proof holds: with ${hashes} hashes beside it, it leads to the root that the log has signed.`}
        pairs={[
          ["log", origin],
          ["position", `${position.toLocaleString("en")} of ${size.toLocaleString("en")} leaves`],
          ["root", root],
          ["checked", checked.join("; ")],
          ["public key", key],
        ]}
      />
      <p className="veil-actions">
        <a className="veil-button" download={`${record}.proof.json`} href={`data:application/json,${file}`}>
          Download the proof
        </a>
        <CopyButton text={`veil-verify --key '${key}' ${record}.proof.json`}>Copy the command that checks it</CopyButton>
      </p>
    </div>
  );
}

export function StatementTab({ exchange }) {
  const { isDone, value } = useAwaited(() => (exchange?.persona ? statementOf(exchange) : null), [exchange]);
  if (!exchange?.persona) return <p>Run a query: its statement is shown here.</p>;
  if (!isDone) return <p>Asking the gateway …</p>;
  if (!value?.statement) return <p>This request has no statement: {value?.problem ?? "it was refused"}.</p>;
  return (
    <>
      <p id="remembered">{value.remembered}</p>
      <pre className="veil-code" tabIndex={0} aria-label="How it was decided">
        {value.decisions}
      </pre>
      <p className="veil-actions">
        <CopyButton text={value.statement}>Copy the statement</CopyButton>
      </p>
      <pre className="veil-code" tabIndex={0} aria-label="Statement">
        {value.statement}
      </pre>
      {value.plan && (
        <>
          <p>
            PostgreSQL plans it once for all values, which are of the types {value.types.join(", ")}. Nothing was run for
            this.
          </p>
          <pre className="veil-code veil-plan" tabIndex={0} aria-label="Plan">
            {value.plan}
          </pre>
        </>
      )}
    </>
  );
}

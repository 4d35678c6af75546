/** The small parts that the panel's tabs are made of. */

import { useEffect, useState } from "react";

export function Badge({ kind, children }) {
  return <span className={`veil-badge veil-${kind}`}>{children}</span>;
}

export function CopyButton({ text, children }) {
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }
  return (
    <button type="button" className="veil-button" onClick={copy}>
      {isCopied ? "Copied" : children}
    </button>
  );
}

/** What is awaited for an exchange: nothing at first, then what came. */
export function useAwaited(wanted, dependencies) {
  const [state, setState] = useState({ isDone: false, value: null });
  useEffect(() => {
    let isCurrent = true;
    setState({ isDone: false, value: null });
    Promise.resolve(wanted()).then(
      (value) => isCurrent && setState({ isDone: true, value }),
      () => isCurrent && setState({ isDone: true, value: null }),
    );
    return () => {
      isCurrent = false;
    };
  }, dependencies);
  return state;
}

export function Pairs({ caption, pairs }) {
  return (
    <table>
      <caption>{caption}</caption>
      <tbody>
        {pairs.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="veil-code">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A query by clicking: GraphiQL's explorer plugin, which this makes usable by keyboard alone and gives names. */

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { useEffect, useRef } from "react";

const TITLE = "Query by clicking";

const plugin = explorerPlugin({ hideActions: true, title: TITLE });

/** The plugin's fields and arguments are made for a mouse: they get a place in the tab order, a role and a state. */
function nameAll(tree) {
  for (const each of tree.querySelectorAll("span[style*='cursor: pointer']")) {
    each.tabIndex = 0;
    each.setAttribute("role", "checkbox");
    each.setAttribute("aria-checked", String(Boolean(isChosen(each))));
  }
  for (const input of tree.querySelectorAll("input, select")) {
    const argument = input.closest("[data-arg-name]")?.dataset.argName;
    input.setAttribute("aria-label", argument ?? "Name of the operation");
  }
}

/** What is chosen has an arrow that points down, or a filled box. */
const isChosen = (each) => each.querySelector("svg[style*='rotate'], svg[style*='fill']");

function Clicking() {
  const around = useRef(null);

  useEffect(() => {
    const name = () => nameAll(around.current);
    name();
    const watching = new MutationObserver(name);
    watching.observe(around.current, { childList: true, subtree: true, attributeFilter: ["style"] });
    return () => watching.disconnect();
  }, []);

  function onKeyDown(event) {
    if (event.target.getAttribute("role") !== "checkbox" || ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    event.target.click();
  }

  return (
    <div className="veil-clicking" ref={around} onKeyDown={onKeyDown}>
      {plugin.content()}
    </div>
  );
}

/** Made once: GraphiQL tells plugins apart by identity. */
export const clicking = { title: TITLE, icon: plugin.icon, content: () => <Clicking /> };

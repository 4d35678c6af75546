// What urql's client makes of the gateway at an address, as the requester of a token: a line of JSON for each step.

import { Client, cacheExchange, fetchExchange } from "@urql/core";

const [url, token, purpose] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}`, "Access-Purpose": purpose };

function client(options) {
  return new Client({ url, exchanges: [cacheExchange, fetchExchange], fetchOptions: { headers }, ...options });
}

async function tell(step, asked) {
  const { data, error } = await asked.toPromise();
  const codes = error?.graphQLErrors.map((each) => each.extensions?.code) ?? [];
  console.log(JSON.stringify({ step, data: data ?? null, codes, status: error?.response?.status ?? 200 }));
}

const asking = client({ preferGetMethod: false });
const orders = "query Orders($n: Int!, $after: String) { orders(first: $n, after: $after) { nodes { __typename id } } }";
const nodes = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

await tell("by GET", client({}).query("{ __typename }", {}));
await tell("by POST", asking.query(orders, { n: 2 }));
await tell("nodes", asking.query(nodes, { ids: ["Order:2", "Order:999999", "Order:1"] }));
await tell("a wrong variable", asking.query(orders, { n: "two" }));

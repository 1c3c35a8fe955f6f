// The audit suite of graphql-http against a running server; one JSON line an audit.
import { auditServer } from 'graphql-http';

const headers = { authorization: `Bearer ${process.env.THREEFOLD_TOKEN}` };
const results = await auditServer({
  url: `${process.env.THREEFOLD_URL}/graphql`,
  fetchFn: (url, init = {}) => fetch(url, { ...init, headers: { ...headers, ...init.headers } }),
});
for (const { id, name, status, reason } of results) {
  console.log(JSON.stringify({ id, name, status, reason }));
}

// Starts GraphiQL on the address that served it. The first query is the README's.
const FIRST_QUERY = `# Who is below ada, and what did she earn?
{
  member(memberId: "ada") {
    name
    team {
      size
      direct
      volume {
        formatted
      }
    }
    balance {
      currency
      pending {
        formatted
      }
      available {
        formatted
      }
    }
  }
}
`;

// A token comes in the fragment (#token=…), which no server sees. It is kept for this tab, and leaves the address.
const TOKEN = "threefold.token";
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem(TOKEN, given);
  history.replaceState(null, "", location.pathname + location.search);
}

// The page's own fetch: GraphiQL's toolkit would bring a WebSocket client for subscriptions, which do not exist yet.
async function send(request) {
  const token = sessionStorage.getItem(TOKEN);
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(request),
  });
  return response.json();
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher: send, defaultQuery: FIRST_QUERY, defaultEditorToolsVisibility: false }),
);

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

// The page's own fetch: GraphiQL's toolkit would bring a WebSocket client for subscriptions, which do not exist yet.
async function send(request) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(request),
  });
  return response.json();
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher: send, defaultQuery: FIRST_QUERY, defaultEditorToolsVisibility: false }),
);

curl --silent --fail-with-body "$THREEFOLD_URL/graphql" \
  --header "Authorization: Bearer $THREEFOLD_TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{"query": "query ($id: String!) { member(memberId: $id) { name depth } }", "variables": {"id": "ada"}}'

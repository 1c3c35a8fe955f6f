curl --silent --no-buffer "$THREEFOLD_URL/graphql/stream" \
  --header "Authorization: Bearer $THREEFOLD_TOKEN" \
  --header 'Content-Type: application/json' --header 'Accept: text/event-stream' \
  --data '{"query": "subscription { rewardPosted(memberId: \"ada\") { amount { formatted } reward { rule } } }"}'

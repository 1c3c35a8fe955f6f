import { createClient } from 'graphql-sse';

export function events(url, token) {
  return createClient({
    url: `${url}/graphql/stream`,
    headers: () => ({ Authorization: `Bearer ${token}` }),
    singleConnection: false, // one request a stream: the mode that Threefold speaks
  });
}

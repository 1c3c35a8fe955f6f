import { createClient } from 'graphql-ws';

export function socket(url, token) {
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    connectionParams: () => ({ Authorization: `Bearer ${token}` }),
    lazyCloseTimeout: 1000,
  });
}

import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { createClient } from 'graphql-ws';

export function urql(url, token) {
  const bearer = `Bearer ${token}`;
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    connectionParams: () => ({ Authorization: bearer }),
  });
  return new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: bearer } },
    exchanges: [
      cacheExchange({
        resolvers: { Query: { members: relayPagination(), rewards: relayPagination() } },
        keys: { Money: () => null, Balance: () => null, RewardPosted: () => null },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });
}

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';

export function apollo(url, token) {
  const bearer = `Bearer ${token}`;
  const http = new HttpLink({ uri: `${url}/graphql`, headers: { authorization: bearer } });
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    connectionParams: () => ({ Authorization: bearer }), // asked again at each new connection: give a fresh token
  });
  const watches = ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION;
  return new ApolloClient({
    link: ApolloLink.split(watches, new GraphQLWsLink(socket), http),
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { members: relayStylePagination(), rewards: relayStylePagination(['memberId']) } } },
    }),
  });
}

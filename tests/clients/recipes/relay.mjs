import { createClient } from 'graphql-ws';
import relay from 'relay-runtime';

export function environment(url, token) {
  const bearer = `Bearer ${token}`;
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    connectionParams: () => ({ Authorization: bearer }),
  });
  const ask = async ({ text }, variables) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer },
      body: JSON.stringify({ query: text, variables }),
    });
    if (answer.status === 401) throw new Error('UNAUTHENTICATED');
    return answer.json();
  };
  const watch = ({ text }, variables) =>
    relay.Observable.create((sink) => socket.subscribe({ query: text, variables }, sink));
  return new relay.Environment({
    network: relay.Network.create(ask, watch),
    store: new relay.Store(new relay.RecordSource()),
  });
}

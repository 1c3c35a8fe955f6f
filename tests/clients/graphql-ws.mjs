import { run } from './iterating.mjs';
import { socket } from './recipes/graphql-ws.mjs';
import { url } from './steps.mjs';

const refused = (fault) => fault.code === 4401 && fault.reason === 'UNAUTHENTICATED';
await run('graphql-ws', (token) => socket(url, token), refused);

import { run } from './iterating.mjs';
import { events } from './recipes/graphql-sse.mjs';
import { url } from './steps.mjs';

await run('graphql-sse', (token) => events(url, token), (fault) => fault.response?.status === 401);

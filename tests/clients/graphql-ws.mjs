import { socket } from './recipes/graphql-ws.mjs';
import * as steps from './steps.mjs';

const client = socket(steps.url, steps.token);

async function ask(query, variables, over = client) {
  for await (const result of over.iterate({ query, variables })) return result;
}

await steps.run('graphql-ws', {
  async query() {
    const { data } = await ask(steps.QUERY, { id: 'graphql-ws-b' });
    steps.expect(data.member.depth, 1);
  },
  async refusal() {
    const { data } = await ask(steps.ENROLL, { input: { memberId: 'graphql-ws-b', referrerId: 'graphql-ws-b' } });
    steps.expect(data.enrollMember.__typename, 'SelfReferralError');
  },
  async pages() {
    const first = (await ask(steps.PAGE, { first: 2 })).data.members;
    const second = (await ask(steps.PAGE, { first: 2, after: first.pageInfo.endCursor })).data.members;
    steps.expectFour([...first.edges, ...second.edges]);
  },
  async unauthenticated() {
    const asked = ask(steps.QUERY, { id: 'graphql-ws-b' }, socket(steps.url, steps.BAD_TOKEN));
    await steps.expectRefusal(asked, (fault) => fault.code === 4401 && fault.reason === 'UNAUTHENTICATED');
  },
  async subscription() {
    const posted = ask(steps.WATCH, { id: 'graphql-ws-a' });
    await steps.completeLater('graphql-ws');
    steps.expectReward((await posted).data.rewardPosted);
  },
});

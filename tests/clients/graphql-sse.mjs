import { events } from './recipes/graphql-sse.mjs';
import * as steps from './steps.mjs';

const client = events(steps.url, steps.token);

async function ask(query, variables, over = client) {
  for await (const result of over.iterate({ query, variables })) return result;
}

await steps.run('graphql-sse', {
  async query() {
    const { data } = await ask(steps.QUERY, { id: 'graphql-sse-b' });
    steps.expect(data.member.depth, 1);
  },
  async refusal() {
    const { data } = await ask(steps.ENROLL, { input: { memberId: 'graphql-sse-b', referrerId: 'graphql-sse-b' } });
    steps.expect(data.enrollMember.__typename, 'SelfReferralError');
  },
  async pages() {
    const first = (await ask(steps.PAGE, { first: 2 })).data.members;
    const second = (await ask(steps.PAGE, { first: 2, after: first.pageInfo.endCursor })).data.members;
    steps.expectFour([...first.edges, ...second.edges]);
  },
  async unauthenticated() {
    const asked = ask(steps.QUERY, { id: 'graphql-sse-b' }, events(steps.url, steps.BAD_TOKEN));
    await steps.expectRefusal(asked, (fault) => fault.response?.status === 401);
  },
  async subscription() {
    const posted = ask(steps.WATCH, { id: 'graphql-sse-a' });
    await steps.completeLater('graphql-sse');
    steps.expectReward((await posted).data.rewardPosted);
  },
});

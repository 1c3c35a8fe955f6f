// The steps of a client whose operations are iterated over: graphql-ws and graphql-sse have the same interface.
import * as steps from './steps.mjs';

/** `connect` gives a client for a token; `refused` says whether a fault is that of a bad one. */
export async function run(name, connect, refused) {
  const client = connect(steps.token);
  const ask = async (query, variables, over = client) => {
    for await (const result of over.iterate({ query, variables })) return result;
  };
  await steps.run(name, {
    async query() {
      const { data } = await ask(steps.QUERY, { id: `${name}-b` });
      steps.expect(data.member.depth, 1);
    },
    async refusal() {
      const { data } = await ask(steps.ENROLL, { input: { memberId: `${name}-b`, referrerId: `${name}-b` } });
      steps.expect(data.enrollMember.__typename, 'SelfReferralError');
    },
    async pages() {
      const first = (await ask(steps.PAGE, { first: 2 })).data.members;
      const second = (await ask(steps.PAGE, { first: 2, after: first.pageInfo.endCursor })).data.members;
      steps.expectFour([...first.edges, ...second.edges]);
    },
    async unauthenticated() {
      await steps.expectRefusal(ask(steps.QUERY, { id: `${name}-b` }, connect(steps.BAD_TOKEN)), refused);
    },
    async subscription() {
      const posted = ask(steps.WATCH, { id: `${name}-a` });
      await steps.completeLater(name);
      steps.expectReward((await posted).data.rewardPosted);
    },
  });
}

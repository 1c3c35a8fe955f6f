import { urql } from './recipes/urql.mjs';
import * as steps from './steps.mjs';

const client = urql(steps.url, steps.token);

await steps.run('urql', {
  async query() {
    const { data, error } = await client.query(steps.QUERY, { id: 'urql-b' }).toPromise();
    steps.expect([error, data.member.depth], [undefined, 1]);
  },
  async refusal() {
    const input = { memberId: 'urql-b', referrerId: 'urql-b' };
    const { data } = await client.mutation(steps.ENROLL, { input }).toPromise();
    steps.expect(data.enrollMember.__typename, 'SelfReferralError');
  },
  async pages() {
    const first = await client.query(steps.PAGE, { first: 2 }).toPromise();
    const after = first.data.members.pageInfo.endCursor;
    const both = await client.query(steps.PAGE, { first: 2, after }).toPromise();
    steps.expectFour(both.data.members.edges);
  },
  async unauthenticated() {
    const { error } = await urql(steps.url, steps.BAD_TOKEN).query(steps.QUERY, { id: 'urql-b' }).toPromise();
    steps.expect(error.response.status, 401);
  },
  async subscription() {
    const posted = new Promise((resolve, reject) => {
      client.subscription(steps.WATCH, { id: 'urql-a' })
        .subscribe(({ data, error }) => (error ? reject(error) : data && resolve(data.rewardPosted)));
    });
    await steps.completeLater('urql');
    steps.expectReward(await posted);
  },
});

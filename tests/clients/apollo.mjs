import { gql } from '@apollo/client';
import { apollo } from './recipes/apollo.mjs';
import * as steps from './steps.mjs';

const client = apollo(steps.url, steps.token);

await steps.run('apollo', {
  async query() {
    const { data } = await client.query({ query: gql(steps.QUERY), variables: { id: 'apollo-b' } });
    steps.expect(data.member.depth, 1);
  },
  async refusal() {
    const input = { memberId: 'apollo-b', referrerId: 'apollo-b' };
    const { data } = await client.mutate({ mutation: gql(steps.ENROLL), variables: { input } });
    steps.expect(data.enrollMember.__typename, 'SelfReferralError');
  },
  async pages() {
    const pages = client.watchQuery({ query: gql(steps.PAGE), variables: { first: 2 } });
    let subscription;
    const data = await new Promise((resolve, error) => {
      const next = ({ data: found }) => found?.members && resolve(found);
      subscription = pages.subscribe({ next, error });
    });
    await pages.fetchMore({ variables: { after: data.members.pageInfo.endCursor } });
    const merged = client.readQuery({ query: gql(steps.PAGE), variables: { first: 2 } });
    steps.expectFour(merged.members.edges);
    subscription.unsubscribe();
  },
  async unauthenticated() {
    const asked = apollo(steps.url, steps.BAD_TOKEN).query({ query: gql(steps.QUERY), variables: { id: 'apollo-b' } });
    await steps.expectRefusal(asked, (fault) => fault.statusCode === 401 || fault.errors?.[0].extensions.code === 'UNAUTHENTICATED');
  },
  async subscription() {
    const posted = new Promise((resolve, reject) => {
      client.subscribe({ query: gql(steps.WATCH), variables: { id: 'apollo-a' } })
        .subscribe({ next: ({ data, error }) => (error ? reject(error) : resolve(data.rewardPosted)), error: reject });
    });
    await steps.completeLater('apollo');
    steps.expectReward(await posted);
  },
});

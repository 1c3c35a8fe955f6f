import { execFileSync } from 'node:child_process';
import relay from 'relay-runtime';
import { environment } from './recipes/relay.mjs';
import * as steps from './steps.mjs';

execFileSync(process.execPath, ['node_modules/relay-compiler/cli.js']);
const made = async (name) => (await import(`./relay/__generated__/${name}.graphql.js`)).default;
const here = environment(steps.url, steps.token);
const ask = async (name, variables, env = here) => relay.fetchQuery(env, await made(name), variables).toPromise();

await steps.run('relay', {
  async query() {
    const { member } = await ask('documentsMemberQuery', { id: 'relay-b' });
    steps.expect(member.depth, 1);
  },
  async refusal() {
    const variables = { input: { memberId: 'relay-b', referrerId: 'relay-b' } };
    const mutation = await made('documentsEnrollMutation');
    const { enrollMember } = await new Promise((onCompleted, onError) => {
      relay.commitMutation(here, { mutation, variables, onCompleted, onError });
    });
    steps.expect(enrollMember.__typename, 'SelfReferralError');
  },
  async pages() {
    const query = await made('documentsMembersQuery');
    const operation = relay.createOperationDescriptor(query, { first: 2 });
    const kept = here.retain(operation);
    const fragment = relay.getFragment(await made('documents_members'));
    const merged = () => here.lookup(relay.getSingularSelector(fragment, here.lookup(operation.fragment).data)).data.members;
    await ask('documentsMembersQuery', { first: 2 });
    await ask('documentsPageQuery', { first: 2, after: merged().pageInfo.endCursor });
    steps.expectFour(merged().edges);
    kept.dispose();
  },
  async unauthenticated() {
    const asked = ask('documentsMemberQuery', { id: 'relay-b' }, environment(steps.url, steps.BAD_TOKEN));
    await steps.expectRefusal(asked, (fault) => fault.message === 'UNAUTHENTICATED');
  },
  async subscription() {
    const subscription = await made('documentsRewardSubscription');
    const posted = new Promise((resolve, onError) => {
      const onNext = ({ rewardPosted }) => resolve(rewardPosted);
      relay.requestSubscription(here, { subscription, variables: { id: 'relay-a' }, onNext, onError });
    });
    await steps.completeLater('relay');
    steps.expectReward(await posted);
  },
});

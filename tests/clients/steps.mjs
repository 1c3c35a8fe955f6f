// What every client is asked to do, and how it says whether it could: one JSON line a step.
export const url = process.env.THREEFOLD_URL;
export const token = process.env.THREEFOLD_TOKEN;
export const BAD_TOKEN = 'nobody';
export const QUERY = 'query ($id: String!) { member(memberId: $id) { id memberId depth } }';
export const ENROLL = `mutation ($input: EnrollMemberInput!) {
  enrollMember(input: $input) { __typename ... on UserError { code message } } }`;
export const COMPLETE = `mutation ($input: CompleteOrderInput!) {
  completeOrder(input: $input) { __typename ... on UserError { code message } } }`;
export const PAGE = `query ($first: Int!, $after: String) {
  members(first: $first, after: $after) {
    edges { cursor node { id memberId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
export const WATCH = `subscription ($id: String!) {
  rewardPosted(memberId: $id) { missed amount { amountMinor } reward { id rule } } }`;
const WITHIN_MS = 90_000;

export function order(client) {
  return { orderId: `${client}-2`, memberId: `${client}-b`, amountMinor: 29900, currency: 'CNY', completedAt: '2026-01-02T12:00:00Z' };
}

/** Runs the steps of a client; each gives nothing or throws. */
export async function run(client, steps) {
  for (const [step, does] of Object.entries(steps)) {
    let problem = null;
    try {
      await within(does());
    } catch (fault) {
      problem = String(fault?.stack ?? JSON.stringify(fault));
    }
    console.log(JSON.stringify({ client, step, problem }));
  }
  process.exit(0);
}

function within(promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), WITHIN_MS).unref());
  return Promise.race([promise, late]);
}

export function expect(found, wanted) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`found ${left}, expected ${right}`);
}

/** Two pages of two, merged by the client's own pagination: four different members. */
export function expectFour(edges) {
  expect(new Set(edges.map(({ node }) => node.memberId)).size, 4);
}

/** Completes the order that the subscription waits for, by a plain request, once the subscription has had time. */
export async function completeLater(client) {
  await new Promise((done) => setTimeout(done, 2000));
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: COMPLETE, variables: { input: order(client) } }),
  });
  expect((await answer.json()).data.completeOrder, { __typename: 'CompleteOrderSuccess' });
}

export function expectReward(posted) {
  expect([posted.amount.amountMinor, posted.reward.rule, posted.missed], ['5980', 'REBATE', false]);
}

export async function expectRefusal(promise, seen) {
  let fault = null;
  try {
    await promise;
  } catch (found) {
    fault = found;
  }
  if (!fault || !seen(fault)) throw new Error(`no refusal, but ${fault?.stack ?? JSON.stringify(fault)}`);
}

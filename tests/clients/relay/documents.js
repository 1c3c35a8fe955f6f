// Only for relay-compiler: `relay.mjs` imports what it makes of these.
import { graphql } from 'relay-runtime';

graphql`
  query documentsMemberQuery($id: String!) { member(memberId: $id) { id memberId depth } }
`;

graphql`
  mutation documentsEnrollMutation($input: EnrollMemberInput!) {
    enrollMember(input: $input) { __typename ... on UserError { code message } }
  }
`;

graphql`
  query documentsMembersQuery($first: Int!, $after: String) { ...documents_members }
`;

graphql`
  fragment documents_members on Query @refetchable(queryName: "documentsPageQuery") {
    members(first: $first, after: $after) @connection(key: "documents_members") { edges { node { memberId } } }
  }
`;

graphql`
  subscription documentsRewardSubscription($id: String!) {
    rewardPosted(memberId: $id) { missed amount { amountMinor } reward { id rule } }
  }
`;

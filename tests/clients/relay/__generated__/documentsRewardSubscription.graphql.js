/**
 * @generated SignedSource<<1ec511d0e0b82d8aedf7db526c3ef0aa>>
 * @lightSyntaxTransform
 */

/* eslint-disable */

'use strict';

var node = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "memberId",
        "variableName": "id"
      }
    ],
    "concreteType": "RewardPosted",
    "kind": "LinkedField",
    "name": "rewardPosted",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "missed",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "Money",
        "kind": "LinkedField",
        "name": "amount",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "amountMinor",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "Reward",
        "kind": "LinkedField",
        "name": "reward",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "rule",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "documentsRewardSubscription",
    "selections": (v1/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "documentsRewardSubscription",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "48f57faae5cfa4a1b4bcb3c38f2d6077",
    "id": null,
    "metadata": {},
    "name": "documentsRewardSubscription",
    "operationKind": "subscription",
    "text": "subscription documentsRewardSubscription(\n  $id: String!\n) {\n  rewardPosted(memberId: $id) {\n    missed\n    amount {\n      amountMinor\n    }\n    reward {\n      id\n      rule\n    }\n  }\n}\n"
  }
};
})();

node.hash = "c8145b49b84c3d8adce8ef71c9450097";

module.exports = node;

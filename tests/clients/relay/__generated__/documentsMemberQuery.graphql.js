/**
 * @generated SignedSource<<392d0ba391f108404f9c97fde2371300>>
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
    "concreteType": "Member",
    "kind": "LinkedField",
    "name": "member",
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
        "name": "memberId",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "depth",
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
    "name": "documentsMemberQuery",
    "selections": (v1/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "documentsMemberQuery",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "80c1545503e1a0d8fe42f99690759a9a",
    "id": null,
    "metadata": {},
    "name": "documentsMemberQuery",
    "operationKind": "query",
    "text": "query documentsMemberQuery(\n  $id: String!\n) {\n  member(memberId: $id) {\n    id\n    memberId\n    depth\n  }\n}\n"
  }
};
})();

node.hash = "fe277b023622184b2f839ddff97de279";

module.exports = node;

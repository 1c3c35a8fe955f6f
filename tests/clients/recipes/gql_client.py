from gql import Client
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport


def over_http(url: str, token: str) -> Client:
    headers = {"Authorization": f"Bearer {token}"}
    return Client(transport=HTTPXAsyncTransport(url=f"{url}/graphql", headers=headers))


def over_socket(url: str, token: str) -> Client:
    transport = WebsocketsTransport(
        url=f"{url.replace('http', 'ws', 1)}/graphql",
        init_payload={"Authorization": f"Bearer {token}"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],  # that is graphql-transport-ws
    )
    return Client(transport=transport)

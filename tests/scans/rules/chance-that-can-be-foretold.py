import random
import secrets
import uuid

# ruleid: chance-that-can-be-foretold
token = random.randbytes(16)
# ruleid: chance-that-can-be-foretold
session_key = random.Random(4).getrandbits(128)
# ruleid: chance-that-can-be-foretold
name = uuid.uuid1()
# ok: chance-that-can-be-foretold
wait = random.random()
# ok: chance-that-can-be-foretold
nonce = secrets.token_bytes(12)

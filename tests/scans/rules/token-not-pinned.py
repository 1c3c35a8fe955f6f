import jwt


def reads(token, key, known):
    # ruleid: token-not-pinned
    jwt.decode(token, key)
    # ruleid: token-not-pinned
    jwt.decode(token, key, algorithms=["EdDSA"])
    # ruleid: token-not-pinned
    jwt.decode(token, key, algorithms=["EdDSA"], audience="threefold")
    # ruleid: token-not-pinned
    jwt.decode(token, key, algorithms=["none"], audience="threefold", issuer="us")
    # ruleid: token-not-pinned
    jwt.decode(token, key, algorithms=known, audience="a", issuer="i", options={"verify_signature": False})
    # ok: token-not-pinned
    jwt.decode(token, key, algorithms=known, issuer="us", audience="threefold", options={"require": ["exp"]})

import os

NONCE = bytes(12)


def seals(cipher, text, bound):
    # ruleid: nonce-used-twice
    cipher.encrypt(b"000000000000", text, bound)
    # ruleid: nonce-used-twice
    cipher.encrypt(bytes(12), text, bound)
    # ruleid: nonce-used-twice
    cipher.encrypt(NONCE, text, bound)
    nonce = os.urandom(12)
    # ok: nonce-used-twice
    return nonce + cipher.encrypt(nonce, text, bound)

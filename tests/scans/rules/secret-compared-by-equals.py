import hmac


def check(given, kept, token, row):
    # ruleid: secret-compared-by-equals
    if given == row.token_hash:
        return True
    # ruleid: secret-compared-by-equals
    if token != kept:
        return False
    # ruleid: secret-compared-by-equals
    if row.signature == given:
        return True
    # ok: secret-compared-by-equals
    if row.token_type == given:
        return True
    # ok: secret-compared-by-equals
    if token == "":
        return False
    # ok: secret-compared-by-equals
    return hmac.compare_digest(given, kept)
